import { createHash, hash } from "node:crypto";
import {
  closeSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  type Stats,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { type Expected, statementsOf } from "./expected.ts";

export type FileState = "right" | "missing" | "changed";

/** Read in pieces beyond this, in bytes. */
const LARGE = 8 << 20;

/** Whether a path is what one of the packages that hold it says. */
export function checkFile(
  directory: string,
  path: string,
  expected: readonly Expected[],
): FileState {
  const file = join(directory, path);
  const status = lstatSync(file, { throwIfNoEntry: false });
  if (status === undefined) return "missing";
  let found: string | undefined;
  const content = (): string => {
    found ??= contentHash(file, status);
    return found;
  };
  const isRight = ({ kind, sha256, statements }: Expected): boolean => {
    if (kind === "softlink") return status.isSymbolicLink();
    if (kind === "directory") return status.isDirectory();
    if (!status.isFile()) return false;
    if (sha256 !== undefined) return sha256 === content();
    if (kind === "pyc_file") return isCurrent(file);
    return statements === undefined || statements === statementsOf(readFileSync(file, "utf8"));
  };
  return expected.some(isRight) ? "right" : "changed";
}

export function contentHash(file: string, { size }: Pick<Stats, "size">): string {
  if (size <= LARGE) return hash("sha256", readFileSync(file));
  const descriptor = openSync(file, "r");
  const digest = createHash("sha256");
  const buffer = Buffer.allocUnsafe(LARGE);
  try {
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer)) {
      digest.update(buffer.subarray(0, read));
    }
    return digest.digest("hex");
  } finally {
    closeSync(descriptor);
  }
}

/** Byte code says in its head (PEP 552) which source it was made of, by time and size. */
function isCurrent(file: string): boolean {
  const [, folder = "", stem = ""] = /^(.*)\/__pycache__\/([^/]+)\.[^./]+\.pyc$/.exec(file) ?? [];
  const source = statSync(join(folder, `${stem}.py`), { throwIfNoEntry: false });
  const head = Buffer.alloc(16);
  const descriptor = openSync(file, "r");
  const length = readSync(descriptor, head);
  closeSync(descriptor);
  if (length < head.length || source === undefined) return false;
  const isByHash = head.readUInt32LE(4) !== 0;
  if (isByHash) return true;
  const time = Math.floor(source.mtimeMs / 1000) >>> 0;
  return head.readUInt32LE(8) === time && head.readUInt32LE(12) === source.size >>> 0;
}
