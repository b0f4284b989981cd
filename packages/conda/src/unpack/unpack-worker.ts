import { parentPort } from "node:worker_threads";
import { unpackArchive } from "./archive.ts";
import { MissingBzip2 } from "./bunzip2.ts";
import { ArchiveFault } from "./fault.ts";
import type { UnpackReply, UnpackRequest } from "./protocol.ts";

async function answer(request: UnpackRequest): Promise<UnpackReply> {
  try {
    const extracted = await unpackArchive(request.file, request.directory, request.limits);
    return { type: "done", extracted };
  } catch (error) {
    return failure(error);
  }
}

function failure(error: unknown): UnpackReply {
  if (error instanceof ArchiveFault) {
    return { type: "fault", kind: error.kind, detail: error.message };
  }
  if (error instanceof MissingBzip2) return { type: "missing-bzip2" };
  const { code, message } = error as NodeJS.ErrnoException;
  return { type: "failed", code, message };
}

parentPort?.on("message", (request: UnpackRequest) => {
  answer(request).then((reply) => parentPort?.postMessage(reply));
});
