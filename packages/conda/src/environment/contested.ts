import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findPackage } from "../cache/entry.ts";
import type { CondaEventSink } from "../events.ts";
import { Linker, type LinkTarget } from "../link/linker.ts";
import { planLink } from "../link/plan.ts";
import type { PythonInfo } from "../link/python.ts";
import { inDependencyOrder } from "../transaction/order.ts";
import type { PrefixPathsEntry, PrefixRecord } from "../types.ts";

export interface Contest {
  readonly target: LinkTarget;
  readonly cacheDir: string;
  readonly python: PythonInfo | undefined;
  /** Unlinked already, but for the files that others hold too. */
  readonly going: readonly PrefixRecord[];
  readonly kept: readonly PrefixRecord[];
  readonly onEvent?: CondaEventSink | undefined;
}

/**
 * Of a file that two packages hold, one is there. Where that package goes, the other's own file is put
 * in its place, from the package cache; what an admin wrote there since stays.
 */
export function restoreContested(contest: Contest): void {
  const left = leftBehind(contest);
  if (left.size === 0) return;
  const owners = new Map<string, PrefixRecord>();
  for (const record of inDependencyOrder(contest.kept)) {
    for (const path of record.files) if (left.has(path)) owners.set(path, record);
  }
  for (const owner of new Set(owners.values())) {
    const paths = [...owners].flatMap(([path, record]) => (record === owner ? [path] : []));
    restoreFiles(owner, new Set(paths), contest);
  }
}

/** Paths at which a package that goes has left its own file, because another holds them too. */
function leftBehind({ target, going, kept }: Contest): ReadonlySet<string> {
  const keptPaths = new Set(kept.flatMap(({ files }) => files));
  const entries = going.flatMap(({ paths_data }) => paths_data.paths);
  const contested = entries.filter(({ _path }) => keptPaths.has(_path));
  return new Set(contested.filter((entry) => isOwn(entry, target)).map(({ _path }) => _path));
}

/** Whether what stands at a path is what this entry put there, as far as it can be told. */
function isOwn(entry: PrefixPathsEntry, { directory }: LinkTarget): boolean {
  if (entry.path_type === "pyc_file") return false;
  const sha256 = entry.sha256_in_prefix ?? entry.sha256;
  if (entry.path_type === "softlink" || sha256 === undefined) return true;
  try {
    return hash("sha256", readFileSync(join(directory, entry._path))) === sha256;
  } catch {
    return false;
  }
}

function restoreFiles(
  owner: PrefixRecord,
  paths: ReadonlySet<string>,
  { target, cacheDir, python, onEvent }: Contest,
): void {
  const archive = findPackage(owner, cacheDir);
  if (archive === undefined) {
    tellNotRestored(owner.name, [...paths].join(", "), onEvent);
    return;
  }
  const plan = planLink(archive, python);
  const isWanted = ({ target: path }: { readonly target: string }) => paths.has(path);
  const wanted = { files: plan.files.filter(isWanted), scripts: plan.scripts.filter(isWanted) };
  new Linker({ target, python }).link({ ...plan, ...wanted, directories: [] }, 0);
}

/** A package that stays has files of one that was removed, and is not in the package cache any more. */
function tellNotRestored(name: string, paths: string, onEvent: CondaEventSink = () => {}): void {
  const message = `${name} keeps a file of a package that was removed in place of its own: ${paths}`;
  onEvent({ type: "warning", code: "CONDA_FILE_NOT_RESTORED", message });
}
