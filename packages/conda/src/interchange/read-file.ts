import { isUtf8 } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { CondaError } from "../errors.ts";
import { environmentFileUnreadable } from "./messages.ts";

/** A thousand packages with addresses and hashes need a fifth of a megabyte. */
const LARGEST = 4 << 20;

/**
 * The text of a file that an admin names. We read it as root, and show lines of it: a link, which somebody
 * else may have placed, is not followed, and what is no plain text of a likely size is not read.
 */
export function readEnvironmentText(file: string): string {
  const descriptor = opened(file);
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile()) throw environmentFileUnreadable(file, "it is not a file");
    if (status.size > LARGEST) {
      const found = `${(status.size / 1e6).toFixed(1)} MB`;
      throw environmentFileUnreadable(file, `it has ${found}, and at most 4 MB are read`);
    }
    const bytes = readFileSync(descriptor);
    if (!isUtf8(bytes) || bytes.includes(0)) {
      throw environmentFileUnreadable(file, "it holds something else than text");
    }
    return bytes.toString("utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    throw error instanceof CondaError
      ? error
      : environmentFileUnreadable(file, reason(error), error);
  } finally {
    closeSync(descriptor);
  }
}

function opened(file: string): number {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  try {
    return openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    throw environmentFileUnreadable(file, reason(error), error);
  }
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file";
  if (code === "ELOOP") return "it is a symbolic link; name the file that it leads to";
  return message;
}
