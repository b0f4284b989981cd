import { cp, mkdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { exchange } from "@tljh/conda";
import { type Difference, resource } from "./resource.ts";

interface Found {
  readonly installed: string | null;
  readonly running: string | null;
  /** What a killed run left beside the program. */
  readonly hasLeftover: boolean;
}

const besideOf = (app: string) => `${app}.new`;

/** The program itself, with its Node, in `app`: what the units and `tljh-config` start. */
export const program = resource<Found>({
  id: "program",
  title: "Program",
  read: async ({ paths, release }) => ({
    installed: await readBuild(paths.app),
    running: await readBuild(release),
    hasLeftover: (await stat(besideOf(paths.app)).catch(() => null)) !== null,
  }),
  compare: ({ installed, running, hasLeftover }, { paths }) => {
    const differences: Difference[] = [];
    if (hasLeftover) differences.push({ action: "remove", what: besideOf(paths.app) });
    if (installed !== running) {
      const action = installed === null ? "add" : "change";
      differences.push({ action, what: `${paths.app} (${running ?? "unbuilt"})` });
    }
    return differences;
  },
  async change({ installed, running }, { paths, release }) {
    await rm(besideOf(paths.app), { recursive: true, force: true });
    if (installed !== running) await replaceFolder(release, paths.app);
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

/** Copies beside the target, then exchanges the two in one step: the target is the old one or the new one. */
async function replaceFolder(from: string, to: string): Promise<void> {
  const fresh = besideOf(to);
  await mkdir(dirname(to), { recursive: true });
  // New times, so that services which were started before are seen to be out of date.
  await cp(from, fresh, { recursive: true, verbatimSymlinks: true });
  exchange(fresh, to);
  await rm(fresh, { recursive: true, force: true });
}
