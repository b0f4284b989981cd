import { randomBytes } from "node:crypto";
import { cp, mkdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { resource } from "./resource.ts";

interface Found {
  readonly installed: string | null;
  readonly running: string | null;
}

/** The program itself, with its Node, in `app`: what the units and `tljh-config` start. */
export const program = resource<Found>({
  id: "program",
  title: "Program",
  read: async ({ paths, release }) => ({
    installed: await readBuild(paths.app),
    running: await readBuild(release),
  }),
  compare: ({ installed, running }, { paths }) =>
    installed === running
      ? []
      : [
          {
            action: installed === null ? "add" : "change",
            what: `${paths.app} (${running ?? "unbuilt"})`,
          },
        ],
  async change(_found, { paths, release }) {
    await replaceFolder(release, paths.app);
  },
});

/** Version and hash of a release; null where there is none. */
async function readBuild(folder: string): Promise<string | null> {
  try {
    return (await readFile(join(folder, "BUILD"), "utf8")).trim();
  } catch {
    return null;
  }
}

/** Copies beside the target first: at any moment the target is the old one, the new one, or (for an instant) absent. */
async function replaceFolder(from: string, to: string): Promise<void> {
  const suffix = randomBytes(4).toString("hex");
  const fresh = `${to}.new-${suffix}`;
  const old = `${to}.old-${suffix}`;
  await mkdir(dirname(to), { recursive: true });
  await cp(from, fresh, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  await rename(to, old).catch(ignoreMissing);
  await rename(fresh, to);
  await rm(old, { recursive: true, force: true });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
