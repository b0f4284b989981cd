import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pipDistributions, recordedFiles } from "../prefix/pip.ts";
import { META } from "../prefix/records.ts";
import type { PrefixRecord } from "../types.ts";
import type { ChangedFiles, PackageChange } from "./generation.ts";

export interface WrittenFiles extends ChangedFiles {
  /** When the last of them was written, in milliseconds. */
  readonly latest: number;
}

const MOST_NAMED = 5;

/** Below these, files are written by using the environment, or are told of elsewhere. */
const NOT_LOOKED_AT = new Set([META, "pkgs", "envs"]);

/** Files of no package that are newer than `since`. */
export function writtenFiles(
  prefix: string,
  records: readonly PrefixRecord[],
  changes: readonly PackageChange[],
  since: number,
): WrittenFiles {
  const known = new Set(records.flatMap((record) => record.files));
  for (const path of filesOfPip(prefix, records, changes)) known.add(path);
  const some: string[] = [];
  let count = 0;
  let latest = 0;
  for (const path of otherFiles(prefix, "", known)) {
    const written = lstatSync(join(prefix, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (written <= since) continue;
    count += 1;
    latest = Math.max(latest, written);
    if (some.length < MOST_NAMED) some.push(path);
  }
  return { count, some, latest };
}

/** What pip says that it installed since. */
function filesOfPip(
  prefix: string,
  records: readonly PrefixRecord[],
  changes: readonly PackageChange[],
): string[] {
  const changed = new Set(changes.map(({ manager, name }) => `${manager} ${name}`));
  return pipDistributions(prefix, records)
    .filter(({ name }) => changed.has(`pip ${name}`))
    .flatMap(({ path }) => recordedFiles(prefix, path).map((file) => file.path));
}

/** Files below the prefix that are not `known`, without byte code. */
function* otherFiles(
  prefix: string,
  folder: string,
  known: ReadonlySet<string>,
): Generator<string> {
  for (const entry of readdirSync(join(prefix, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.name === "__pycache__" || NOT_LOOKED_AT.has(path)) continue;
    if (entry.isDirectory()) yield* otherFiles(prefix, path, known);
    else if (!known.has(path)) yield path;
  }
}
