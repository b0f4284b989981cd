import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { snapshotMissing } from "../prefix/errors.ts";
import { exchange, flush, isNothing } from "./exchange.ts";
import { lockPrefix } from "./lock.ts";

export interface Snapshot {
  readonly name: string;
  readonly directory: string;
}

/** Earlier states of `prefix`, the latest first. */
export function listSnapshots(prefix: string, snapshotsDir: string): Snapshot[] {
  if (!existsSync(snapshotsDir)) return [];
  const start = `${basename(prefix)}-`;
  const isOurs = (name: string): boolean =>
    name.startsWith(start) && /^\d{8}T\d{9}Z$/.test(name.slice(start.length));
  return readdirSync(snapshotsDir)
    .filter(isOurs)
    .sort()
    .reverse()
    .map((name) => ({ name, directory: join(snapshotsDir, name) }));
}

/** Keeps `directory`, which was `prefix`, as a snapshot, and of all snapshots the latest `keep`. */
export function keepSnapshot(
  directory: string,
  prefix: string,
  snapshotsDir: string,
  keep: number,
): string | undefined {
  const kept = keep > 0 ? moveToSnapshots(directory, prefix, snapshotsDir) : undefined;
  if (kept === undefined) rmSync(directory, { recursive: true, force: true });
  for (const old of listSnapshots(prefix, snapshotsDir).slice(keep)) {
    rmSync(old.directory, { recursive: true, force: true });
  }
  return kept;
}

/** Nothing is kept where snapshots are on another file system: a copy would not be one step. */
function moveToSnapshots(
  directory: string,
  prefix: string,
  snapshotsDir: string,
): string | undefined {
  mkdirSync(snapshotsDir, { recursive: true });
  const time = new Date().toISOString().replaceAll(/[-:.]/g, "");
  const target = join(snapshotsDir, `${basename(prefix)}-${time}`);
  try {
    renameSync(directory, target);
    return target;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EXDEV") return undefined;
    throw error;
  }
}

export interface RollbackOptions {
  readonly prefix: string;
  readonly snapshotsDir: string;
  /** The latest unless named. */
  readonly name?: string;
}

/** Goes back to a snapshot in one step; what was live becomes a snapshot in its place. */
export async function rollBack(options: RollbackOptions): Promise<Snapshot> {
  using _lock = lockPrefix(options.prefix);
  const all = listSnapshots(options.prefix, options.snapshotsDir);
  const snapshot =
    options.name === undefined ? all[0] : all.find(({ name }) => name === options.name);
  if (snapshot === undefined) throw snapshotMissing(options.prefix, options.name);
  const hadPrefix = !isNothing(options.prefix);
  await flush(snapshot.directory);
  exchange(snapshot.directory, options.prefix);
  if (hadPrefix) moveToSnapshots(snapshot.directory, options.prefix, options.snapshotsDir);
  return snapshot;
}
