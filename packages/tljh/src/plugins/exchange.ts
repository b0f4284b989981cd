import { chmod, cp, mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const STAGED = ".new-";
const PREVIOUS = ".previous";

/** Lets `change` work on a copy of a folder that then takes the folder's place; if it throws, all is as it was. */
export async function changeInCopy(
  live: string,
  change: (copy: string) => Promise<void>,
): Promise<void> {
  await mkdir(dirname(live), { recursive: true });
  await recover(live);
  const copy = await mkdtemp(`${live}${STAGED}`);
  try {
    await copyLive(live, copy);
    await chmod(copy, 0o755);
    await change(copy);
    await exchange(copy, live);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

async function copyLive(live: string, staged: string): Promise<void> {
  if (!(await stat(live).catch(() => null))) return;
  await cp(live, staged, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
}

/** Puts the staged folder in the place of the live one, which is removed. */
export async function exchange(staged: string, live: string): Promise<void> {
  const previous = `${live}${PREVIOUS}`;
  await rm(previous, { recursive: true, force: true });
  const hadOne = await rename(live, previous).then(
    () => true,
    () => false,
  );
  try {
    await rename(staged, live);
  } catch (error) {
    if (hadOne) await rename(previous, live);
    throw error;
  }
  await rm(previous, { recursive: true, force: true });
}

/** Mends what an interrupted installation left: the old folder back in place, staged ones removed. */
async function recover(live: string): Promise<void> {
  const previous = `${live}${PREVIOUS}`;
  if (await stat(previous).catch(() => null)) {
    const entries = await readdir(live).catch(() => []);
    if (entries.length === 0) {
      await rm(live, { recursive: true, force: true });
      await rename(previous, live);
    } else await rm(previous, { recursive: true, force: true });
  }
  for (const name of await readdir(dirname(live)).catch(() => [])) {
    if (name.startsWith(`${basename(live)}${STAGED}`)) {
      await rm(join(dirname(live), name), { recursive: true, force: true });
    }
  }
}
