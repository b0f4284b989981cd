import { lstatSync, readdirSync, type Stats } from "node:fs";
import { join } from "node:path";

const BLOCK = 512;

/**
 * What removing these trees gives back, in bytes on the disk. A file of several names counts when all
 * of them are below the trees.
 */
export function freedBytes(paths: readonly string[]): number {
  const names = new Map<string, number>();
  let bytes = 0;
  for (const path of paths) {
    for (const status of statuses(path)) {
      if (isLastName(status, names)) bytes += status.blocks * BLOCK;
    }
  }
  return bytes;
}

function isLastName(status: Stats, names: Map<string, number>): boolean {
  if (status.isDirectory() || status.nlink === 1) return true;
  const inode = `${status.dev} ${status.ino}`;
  const seen = (names.get(inode) ?? 0) + 1;
  names.set(inode, seen);
  return seen === status.nlink;
}

function* statuses(path: string): Generator<Stats> {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return;
  yield status;
  if (!status.isDirectory()) return;
  for (const name of readdirSync(path)) yield* statuses(join(path, name));
}
