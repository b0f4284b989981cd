import { lstat, readlink, rename, symlink } from "node:fs/promises";
import { join } from "node:path";
import { commandOccupied } from "../errors/install.ts";
import { resource } from "./resource.ts";

interface Link {
  readonly path: string;
  readonly target: string;
}

/**
 * `/usr/bin/tljh-config` and `/usr/bin/tljh`: in /usr/bin because sudo's search path has it.
 * A file of somebody else's at one of these names is never replaced.
 */
export const commands = resource<readonly Link[]>({
  id: "commands",
  title: "Commands",
  async read({ paths }) {
    const missing: Link[] = [];
    for (const name of ["tljh", "tljh-config"]) {
      const link = { path: join("/usr/bin", name), target: join(paths.app, "bin", name) };
      if (!(await isOurLink(link))) missing.push(link);
    }
    return missing;
  },
  compare: (missing) => missing.map(({ path }) => ({ action: "add", what: path })),
  async change(missing) {
    for (const { path, target } of missing) {
      const fresh = `${path}.new`;
      await symlink(target, fresh).catch(ignoreExisting);
      await rename(fresh, path);
    }
  },
});

/** The original's link leads into the hub environment; ours replaces it on an upgrade. Throws for any other file. */
export async function isOurLink({ path, target }: Link): Promise<boolean> {
  try {
    const found = await lstat(path);
    const leadsTo = found.isSymbolicLink() ? await readlink(path) : null;
    if (leadsTo === target) return true;
    if (leadsTo?.endsWith("/hub/bin/tljh-config")) return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
  throw commandOccupied(path, target);
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}
