import {
  chmodSync,
  copyFileSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  type Stats,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";

/**
 * As `cp -a` copies it: hard links stay such, as between environment and package cache. What another
 * process takes away meanwhile is left out.
 */
export function copyTree(from: string, to: string, seen = new Map<number, string>()): void {
  const status = lstatSync(from, { throwIfNoEntry: false });
  if (status === undefined) return;
  const copy = seen.get(status.ino);
  if (copy !== undefined) {
    linkSync(copy, to);
    return;
  }
  if (status.isDirectory()) {
    mkdirSync(to);
    for (const name of readdirSync(from)) copyTree(join(from, name), join(to, name), seen);
  } else if (status.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  else {
    copyFileSync(from, to);
    seen.set(status.ino, to);
  }
  likeOriginal(status, to);
}

function likeOriginal(status: Stats, to: string): void {
  if (!status.isSymbolicLink()) chmodSync(to, status.mode & 0o7777);
  lutimesSync(to, status.atimeMs / 1000, status.mtimeMs / 1000);
}
