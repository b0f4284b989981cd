import { access, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** The last file of a finished build; where it is, the rest is. */
export const LOCK_FILE = "lock.json";

export function isBuilt(directory: string): Promise<boolean> {
  return access(join(directory, LOCK_FILE)).then(
    () => true,
    () => false,
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Processes that build the same thing now; what a dead one left is removed. */
async function othersAtWork(directory: string): Promise<number> {
  const pattern = new RegExp(`^${basename(directory)}\\.(\\d+)\\.partial$`);
  let alive = 0;
  for (const name of await readdir(dirname(directory))) {
    const pid = Number(pattern.exec(name)?.[1] ?? process.pid);
    if (pid === process.pid) continue;
    if (isAlive(pid)) alive += 1;
    else await rm(join(dirname(directory), name), { recursive: true, force: true });
  }
  return alive;
}

/**
 * Builds beside the goal and moves the whole there at once, unless it is there already or another
 * process is about to make it. `lock` is the text of the last file.
 */
export async function buildOnce(
  directory: string,
  lock: string,
  make: (partial: string) => Promise<void>,
): Promise<void> {
  await mkdir(dirname(directory), { recursive: true });
  while (!(await isBuilt(directory)) && (await othersAtWork(directory)) > 0) await delay(300);
  if (await isBuilt(directory)) return;
  const partial = `${directory}.${process.pid}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial);
  try {
    await make(partial);
    await writeFile(join(partial, LOCK_FILE), lock);
    await rename(partial, directory);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    // Two that started at the same moment make the same; either will do.
    if (!(await isBuilt(directory))) throw error;
  }
}
