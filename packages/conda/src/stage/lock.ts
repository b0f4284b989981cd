import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { prefixLocked } from "../prefix/errors.ts";
import { tryLock } from "./native.ts";

export interface PrefixLock extends Disposable {
  release(): void;
}

/**
 * The right to change `prefix`. The file stays when the lock is gone: to remove it would let two
 * processes lock two files of the same name.
 */
export function lockPrefix(prefix: string): PrefixLock {
  const file = join(dirname(prefix), `.${basename(prefix)}.lock`);
  mkdirSync(dirname(prefix), { recursive: true });
  const descriptor = openSync(file, "a+", 0o600);
  if (!tryLock(descriptor)) {
    closeSync(descriptor);
    throw prefixLocked(prefix, readFileSync(file, "utf8").trim() || undefined);
  }
  ftruncateSync(descriptor);
  writeSync(descriptor, `process ${process.pid}\n`);
  return heldLock(descriptor);
}

function heldLock(descriptor: number): PrefixLock {
  let held = true;
  const release = (): void => {
    if (!held) return;
    held = false;
    ftruncateSync(descriptor);
    closeSync(descriptor);
  };
  return { release, [Symbol.dispose]: release };
}
