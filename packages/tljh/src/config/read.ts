import { readFile } from "node:fs/promises";
import { configUnreadable, needsRoot } from "../errors/config.ts";
import { errorCode } from "../system/files.ts";

/** The text of config.yaml; empty when there is no such file. */
export async function readConfigText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    return readFailed(file, error).toString();
  }
}

/** What a failed reading of config.yaml comes to: nothing when there is no file, else an error. */
export function readFailed(file: string, error: unknown): Buffer {
  if (errorCode(error) === "ENOENT") return Buffer.alloc(0);
  if (errorCode(error) === "EACCES" && process.geteuid?.() !== 0) throw needsRoot(error);
  throw configUnreadable(file, error);
}
