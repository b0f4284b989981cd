import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isDiskFull } from "../fetch/messages.ts";
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
  tellHolder(descriptor);
  return heldLock(descriptor);
}

/** For the message that others get; on a full disk they do without. */
function tellHolder(descriptor: number): void {
  ftruncateSync(descriptor);
  try {
    writeSync(descriptor, `process ${process.pid}\n`);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
  }
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
