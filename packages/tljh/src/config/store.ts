import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { configUnwritable, lockHeld, needsRoot } from "../errors/config.ts";
import { errorCode, writeFileAtomic } from "../system/files.ts";
import { type FileLock, tryLock } from "../system/lock.ts";
import { readConfigText } from "./read.ts";

/** How long a writer waits for another one, in seconds. */
const PATIENCE = 1;

export interface Update {
  readonly before: string;
  readonly after: string;
}

/**
 * Changes config.yaml: `change` turns its text (empty when there is no file) into another. One writer at a
 * time, by the lock of the original's `tljh-config`; readers see the old file or the new one.
 * What `change` throws leaves the file as it is. Throws `CONFIG_LOCK_HELD` after a second.
 */
export async function updateConfig(
  file: string,
  change: (text: string) => string | Promise<string>,
): Promise<Update> {
  await using _lock = await configLock(file);
  const before = await readConfigText(file);
  const after = await change(before);
  if (after !== before) await explain(file, () => writeFileAtomic(file, after));
  return { before, after };
}

async function configLock(file: string): Promise<FileLock> {
  const lockFile = `${file}.lock`;
  const lock = await explain(file, async () => {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    return tryLock(lockFile, PATIENCE);
  });
  if (lock === null) throw lockHeld(lockFile);
  return lock;
}

async function explain<T>(file: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const denied = ["EACCES", "EPERM"].includes(errorCode(error) ?? "");
    if (denied && process.geteuid?.() !== 0) throw needsRoot(error);
    throw configUnwritable(file, error);
  }
}
