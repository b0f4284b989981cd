import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { alreadyRunning } from "../errors/install.ts";
import { type FileLock, tryLock } from "../system/lock.ts";
import type { ServerPaths } from "../system/paths.ts";

/** Held by whatever changes the server; the kernel releases it when the process ends, however it ends. */
export async function serverLock(paths: ServerPaths): Promise<FileLock> {
  await mkdir(paths.prefix, { recursive: true });
  const path = join(paths.prefix, ".lock");
  const lock = await tryLock(path, 1);
  if (lock === null) throw alreadyRunning(path);
  return lock;
}
