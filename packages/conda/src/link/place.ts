import { hash } from "node:crypto";
import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import type { FileMode } from "../types.ts";
import { replacePlaceholder } from "./placeholder.ts";

/** What hard links cannot do, copies can: other file systems, too many links, forbidden links. */
const COPY_INSTEAD = new Set(["EXDEV", "EMLINK", "EPERM", "EOPNOTSUPP", "ENOTSUP"]);

/** Whether something stood there before. Nothing is ever written through an existing file. */
export type Placed = { readonly replaced: boolean };

/** The same file under a second name, or a copy of it where that cannot be. */
export function hardLink(source: string, target: string): Placed {
  try {
    return once(target, () => linkSync(source, target));
  } catch (error) {
    if (!COPY_INSTEAD.has(errorCode(error))) throw error;
    return copy(source, target);
  }
}

/** A file of its own, with mode and time of the source: byte code goes by the time. */
export function copy(source: string, target: string): Placed {
  const flags = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE;
  const placed = once(target, () => copyFileSync(source, target, flags));
  const { atime, mtime } = statSync(source);
  utimesSync(target, atime, mtime);
  return placed;
}

export function symbolicLink(source: string, target: string): Placed {
  const destination = readlinkSync(source);
  return once(target, () => symlinkSync(destination, target));
}

export function newFile(target: string, content: string | Buffer, mode: number): Placed {
  const placed = once(target, () => writeFileSync(target, content, { flag: "wx" }));
  chmodSync(target, mode);
  return placed;
}

/** A copy with the prefix written in; its new checksum. */
export function rewritten(
  source: string,
  target: string,
  replace: { readonly placeholder: string; readonly mode: FileMode },
  prefix: string,
): Placed & { readonly sha256: string } {
  const original = readFileSync(source);
  const content = replacePlaceholder(original, replace.placeholder, prefix, replace.mode);
  const placed = newFile(target, content, statSync(source).mode & 0o7777);
  return { ...placed, sha256: hash("sha256", content) };
}

function once(target: string, make: () => void): Placed {
  try {
    make();
    return { replaced: false };
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
    unlinkSync(target);
    make();
    return { replaced: true };
  }
}

function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "";
}
