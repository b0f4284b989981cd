import { posix } from "node:path";
import { readTar } from "../archive/tar.ts";
import { run } from "../run.ts";

/** A file or a symbolic link of a .deb, by the absolute path where dpkg would put it. */
export interface DebEntry {
  readonly path: string;
  readonly mode: number;
  readonly data: Buffer;
  /** Set on symbolic links: the absolute path that the link names. */
  readonly target?: string;
}

/** What a .deb installs, without its folders. Hard links become files of their own. */
export async function readDeb(file: string): Promise<DebEntry[]> {
  const entries = new Map<string, DebEntry>();
  for (const entry of readTar(await run("dpkg-deb", ["--fsys-tarfile", file]))) {
    const path = posix.join("/", entry.path);
    const { mode, data, target = "" } = entry;
    if (entry.kind === "file") entries.set(path, { path, mode, data });
    else if (entry.kind === "link") {
      const absolute = posix.resolve(posix.dirname(path), target);
      entries.set(path, { path, mode: 0o777, data, target: absolute });
    } else if (entry.kind === "hardlink") {
      const original = entries.get(posix.join("/", target));
      if (original) entries.set(path, { ...original, path });
    }
  }
  return [...entries.values()];
}
