import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { until } from "./process.ts";

/**
 * The mounted hierarchies in which systemd keeps its units: the unified one, and systemd's
 * own of version 1. Two servers in the same cgroup would see one another's units as theirs.
 */
export function systemdHierarchies(mountinfo: string): string[] {
  const found = mountinfo.split("\n").flatMap((line) => {
    const [left = "", right = ""] = line.split(" - ");
    const [type, , options = ""] = right.split(" ");
    const isSystemd = type === "cgroup" && options.split(",").includes("name=systemd");
    const mountPoint = left.split(" ")[4];
    return mountPoint && (type === "cgroup2" || isSystemd) ? [mountPoint] : [];
  });
  return [...new Set(found)];
}

function serverCgroups(namespace: string): string[] {
  const mountinfo = readFileSync("/proc/self/mountinfo", "utf8");
  return systemdHierarchies(mountinfo).map((mountPoint) => join(mountPoint, namespace));
}

/** Makes the server's cgroups, one in each hierarchy of systemd. */
export function makeCgroups(namespace: string): string[] {
  const folders = serverCgroups(namespace);
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  return folders;
}

function removeTree(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(folder, entry.name));
  }
  rmdirSync(folder);
}

function removed(folder: string): boolean {
  try {
    removeTree(folder);
  } catch {
    // Busy while the kernel still buries the last process, or gone between two looks.
  }
  return !existsSync(folder);
}

/** Removes the server's cgroups, whose processes have ended. */
export async function removeCgroups(namespace: string): Promise<void> {
  const folders = serverCgroups(namespace).filter(existsSync);
  await until(() => folders.every(removed), 5_000);
}

/** argv that enters the cgroups before the program starts. */
export function inCgroups(folders: readonly string[], argv: readonly string[]): string[] {
  const script =
    'while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs" || exit 1; shift; done; shift; exec "$@"';
  return ["sh", "-c", script, "sh", ...folders, "--", ...argv];
}
