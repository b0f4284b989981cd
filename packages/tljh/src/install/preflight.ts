import { readFile, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import {
  architectureUnsupported,
  diskTooSmall,
  notRoot,
  originalFound,
  portTaken,
  systemdMissing,
  systemUnsupported,
} from "../errors/install.ts";
import { existingParent } from "../system/folders.ts";
import type { ServerPaths } from "../system/paths.ts";
import { portHolder, portIsFree } from "../system/ports.ts";
import { isActive } from "../system/systemd.ts";

/** What `/etc/os-release` says of the system. */
export interface SystemRelease {
  readonly id: string;
  readonly version: string;
}

export function parseOsRelease(text: string): SystemRelease {
  const value = (key: string) =>
    new RegExp(`^${key}=["']?([^"'\\n]*)["']?$`, "m").exec(text)?.[1] ?? "";
  return { id: value("ID"), version: value("VERSION_ID") };
}

/** Throws the original's words unless the system is one that is supported. Debian testing has no version. */
export function checkSystem(release: SystemRelease): void {
  const found = `${release.id || "unknown"} ${release.version}`.trim();
  const older = (minimum: number) =>
    release.version !== "" && Number.parseFloat(release.version) < minimum;
  if (release.id !== "ubuntu" && release.id !== "debian")
    throw systemUnsupported(
      "The Littlest JupyterHub currently supports Ubuntu or Debian Linux only",
      found,
    );
  if (release.id === "ubuntu" && older(22.04))
    throw systemUnsupported("The Littlest JupyterHub requires Ubuntu 22.04 or higher", found);
  if (release.id === "debian" && older(11))
    throw systemUnsupported("The Littlest JupyterHub requires Debian 11 or higher", found);
}

export function checkRoot(command: string, uid = process.getuid?.()): void {
  if (uid !== 0) throw notRoot(command);
}

export function checkArchitecture(architecture: string = process.arch): void {
  if (architecture !== "x64" && architecture !== "arm64")
    throw architectureUnsupported(architecture);
}

export async function checkSystemd(comm = "/proc/1/comm"): Promise<void> {
  const name = (await readFile(comm, "utf8")).trim();
  if (name !== "systemd") throw systemdMissing(name);
}

/** Bytes that the hub and user environments, the package cache and one change of them take. */
export const installationNeeds = 3_000_000_000;

/** Bytes for a change of what is there: environments are cloned by hard links, so it is small. */
export const changeNeeds = 500_000_000;

export async function checkDisk(prefix: string, needed: number): Promise<void> {
  const disk = await statfs(await existingParent(prefix));
  const free = disk.bavail * disk.bsize;
  if (free < needed) throw diskTooSmall(prefix, free, needed);
}

/** What only the original leaves below its prefix: a virtual environment, passwords in a dbm file. */
export async function checkOriginal({ hub, state }: ServerPaths): Promise<void> {
  for (const path of [join(hub, "pyvenv.cfg"), join(state, "passwords.dbm")])
    if (await stat(path).catch(() => null)) throw originalFound(path);
}

/** The port must be free, or be held by our own proxy. */
export async function checkPort(address: string, port: number): Promise<void> {
  if (await isActive("tljh-proxy.service")) return;
  if (await portIsFree(address, port)) return;
  throw portTaken(port, await portHolder(port));
}
