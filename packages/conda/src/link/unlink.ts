import { readdirSync, rmdirSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { META, recordFileName } from "../prefix/records.ts";
import type { PrefixRecord } from "../types.ts";
import { Directories } from "./directories.ts";

/**
 * Takes packages out of a directory: their files, byte code made from them since, their records,
 * and folders left empty. Files that a package of `kept` also holds stay.
 */
export function unlinkPackages(
  directory: string,
  going: readonly PrefixRecord[],
  kept: readonly PrefixRecord[],
): void {
  const keep = new Set(kept.flatMap((record) => record.files));
  const directories = new Directories(directory);
  const sources = new Map<string, Set<string>>();
  const touched = new Set<string>();
  for (const record of going) {
    remove(join(directory, META, recordFileName(record)));
    for (const path of record.files) {
      const parent = dirname(path);
      if (keep.has(path) || !isPlain(path) || !directories.isInside(parent)) continue;
      remove(join(directory, path));
      touched.add(parent);
      if (path.endsWith(".py")) add(sources, parent, path.slice(parent.length + 1, -3));
    }
    for (const path of directoriesOf(record)) {
      if (isPlain(path) && directories.isInside(dirname(path))) touched.add(path);
    }
  }
  for (const [parent, stems] of sources) {
    removeByteCode(join(directory, parent, "__pycache__"), stems);
    touched.add(`${parent}/__pycache__`);
  }
  removeEmpty(directory, touched);
}

/** Folders that a package brought as such, because they were to be there though empty. */
function directoriesOf({ paths_data }: PrefixRecord): string[] {
  return paths_data.paths.flatMap(({ _path, path_type }) =>
    path_type === "directory" ? [_path] : [],
  );
}

/** A damaged record must not lead out of the prefix. */
function isPlain(path: string): boolean {
  return !path.split("/").some((part) => part === "" || part === "." || part === "..");
}

function add(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key) ?? new Set();
  sets.set(key, set.add(value));
}

function remove(path: string): void {
  ignoring(["ENOENT", "ENOTDIR", "EISDIR"], () => unlinkSync(path));
}

function removeByteCode(cache: string, stems: ReadonlySet<string>): void {
  const names = ignoring(["ENOENT", "ENOTDIR"], () => readdirSync(cache)) ?? [];
  for (const name of names) {
    if (name.endsWith(".pyc") && stems.has(name.slice(0, name.indexOf(".")))) {
      remove(join(cache, name));
    }
  }
}

function removeEmpty(root: string, touched: ReadonlySet<string>): void {
  const all = new Set(touched);
  for (const path of touched) {
    for (let up = dirname(path); up !== "." && up !== "/"; up = dirname(up)) all.add(up);
  }
  all.delete(".");
  // A longer path cannot stand above a shorter one.
  for (const path of [...all].sort((a, b) => b.length - a.length)) {
    ignoring(["ENOENT", "ENOTEMPTY", "EEXIST", "ENOTDIR", "EINVAL"], () =>
      rmdirSync(join(root, path)),
    );
  }
}

function ignoring<T>(codes: readonly string[], action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (!codes.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    return undefined;
  }
}
