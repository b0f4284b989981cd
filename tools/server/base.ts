import { createHash } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mirrorUnknown } from "./errors.ts";
import { boundToParent, isAlive, must, processId } from "./process.ts";

/** The Debian release a server is made of. */
const SUITE = "trixie";

/** What a server has before TLJH comes: a plain Debian, as a hosting company would give it. */
const PACKAGES: readonly string[] = [
  "systemd",
  "systemd-sysv",
  "dbus",
  "libpam-systemd",
  "sudo",
  "ca-certificates",
  "tzdata",
  "passwd",
  "iproute2",
  "curl",
  "procps",
  "util-linux",
  "netbase",
];

/** Raised with each change of what `finish` does, so that old base servers are not used. */
const FORMAT = 1;

export type BaseEvent =
  | { readonly type: "base-cached"; readonly directory: string }
  | { readonly type: "base-started"; readonly suite: string }
  | { readonly type: "base-line"; readonly line: string }
  | { readonly type: "base-made"; readonly directory: string; readonly milliseconds: number };

export interface BaseOptions {
  readonly cacheDir: string;
  readonly onEvent?: (event: BaseEvent) => void;
}

/** The cache's key: it changes with the package list and with this tool. */
export function baseKey(packages: readonly string[] = PACKAGES): string {
  const text = JSON.stringify([FORMAT, SUITE, process.arch, [...packages].sort()]);
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/**
 * Picks the Debian archive among the lines of `apt-get indextargets`
 * (`origin|address|suite|component`); security and update suites stand elsewhere.
 */
export function chooseMirror(lines: readonly string[]): string | null {
  const rows = lines.map((line) => line.split("|"));
  const main = rows.filter(
    ([, address, suite, component]) =>
      component === "main" && !suite?.includes("-") && /^(https?|file):/.test(address ?? ""),
  );
  const debian = main.find(([origin]) => origin === "Debian");
  const unnamed = main.find(([origin]) => origin?.startsWith("$("));
  return (debian ?? unnamed)?.[1] ?? null;
}

/** The Debian archive of the machine's own apt sources, or `TLJH_MIRROR`. */
async function debianMirror(): Promise<string> {
  if (process.env.TLJH_MIRROR) return process.env.TLJH_MIRROR;
  const format = "$(ORIGIN)|$(REPO_URI)|$(SUITE)|$(COMPONENT)";
  const { stdout } = await must([
    "apt-get",
    "indextargets",
    "--format",
    format,
    "Created-By: Packages",
  ]);
  const mirror = chooseMirror(stdout.split("\n"));
  if (mirror === null) throw mirrorUnknown();
  return mirror;
}

/** The environment for debootstrap's downloads: apt's own proxy, when it has one. */
async function downloadEnvironment(): Promise<Record<string, string>> {
  const { stdout } = await must(["apt-config", "dump", "--format", "%v%n", "Acquire::http::Proxy"]);
  const proxy = stdout.split("\n")[0] ?? "";
  const environment: Record<string, string> = { LC_ALL: "C.UTF-8" };
  for (const [key, value] of Object.entries(process.env)) {
    if (value !== undefined && /^(path|https?_proxy|no_proxy)$/i.test(key))
      environment[key] = value;
  }
  return proxy === "" ? environment : { ...environment, http_proxy: proxy };
}

/**
 * Runs debootstrap in mount and process namespaces of its own: what it mounts and starts
 * is gone with it, even when it is killed.
 */
async function debootstrap(target: string, onLine: (line: string) => void): Promise<void> {
  const isolated = ["unshare", "--mount", "--pid", "--fork", "--kill-child=KILL", "--mount-proc"];
  const make = ["debootstrap", "--variant=minbase", `--include=${PACKAGES.join(",")}`];
  const argv = [...isolated, "--", ...make, SUITE, target, await debianMirror()];
  await must(boundToParent(argv), { env: await downloadEnvironment(), onLine });
}

/** Takes away what belongs to the machine that made it, and apt's way to the outside. */
async function finish(root: string): Promise<void> {
  await writeFile(join(root, "etc/hostname"), "tljh\n");
  await writeFile(join(root, "etc/hosts"), "127.0.0.1 localhost tljh\n::1 localhost\n");
  // Empty, not absent: an absent one would make each boot a first boot.
  await writeFile(join(root, "etc/machine-id"), "");
  await writeFile(join(root, "etc/apt/sources.list"), "");
  await rm(join(root, "etc/resolv.conf"), { force: true });
  for (const folder of ["var/cache/apt/archives", "var/lib/apt/lists"]) {
    await rm(join(root, folder), { recursive: true, force: true });
    await mkdir(join(root, folder, "partial"), { recursive: true });
  }
}

/** Removes the folders of runs that were killed while they made a base server. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const match = /^[0-9a-f]{16}\.making-(\d+)-(\d+)$/.exec(name);
    if (!match?.[1] || !match[2] || isAlive({ pid: Number(match[1]), start: match[2] })) continue;
    await must(["rm", "-rf", "--one-file-system", join(folder, name)]);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * Makes the root folder that servers are copied from, or finds the one made earlier.
 * It appears under its name only when it is whole; nobody may change it.
 */
export async function makeBase(options: BaseOptions): Promise<string> {
  const emit = options.onEvent ?? (() => {});
  const folder = join(options.cacheDir, "base");
  const directory = join(folder, baseKey());
  await mkdir(folder, { recursive: true });
  if (await isFolder(directory)) {
    emit({ type: "base-cached", directory });
    return directory;
  }
  await removeUnfinished(folder);
  const began = performance.now();
  emit({ type: "base-started", suite: SUITE });
  const making = `${directory}.making-${process.pid}-${processId(process.pid)?.start}`;
  try {
    await debootstrap(making, (line) => emit({ type: "base-line", line }));
    await finish(making);
    await rename(making, directory);
  } catch (error) {
    await must(["rm", "-rf", "--one-file-system", making]);
    // Another run was faster; its folder is as good as ours.
    if (!(await isFolder(directory))) throw error;
  }
  emit({ type: "base-made", directory, milliseconds: Math.round(performance.now() - began) });
  return directory;
}
