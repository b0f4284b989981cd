import { constants, copyFileSync, lstatSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readPackage } from "../cache/entry.ts";
import { distName } from "../cache/names.ts";
import { applyTransaction } from "../environment/apply.ts";
import { checkStaged } from "../environment/check.ts";
import { timed } from "../environment/events.ts";
import { withLockedPrefix } from "../environment/locked.ts";
import type { ChangeOptions, PackageSource } from "../environment/options.ts";
import { channelSource } from "../environment/source.ts";
import { currentAuthor, type Generation } from "../generations/generation.ts";
import { changesIn, recordLive } from "../generations/live.ts";
import { readPrefixRecords } from "../prefix/records.ts";
import { recoverPrefix } from "../stage/keep.ts";
import type { PrefixLock } from "../stage/lock.ts";
import { type StagedPrefix, stagePrefix } from "../stage/stage.ts";
import { inDependencyOrder } from "../transaction/order.ts";
import type { Transaction } from "../transaction/transaction.ts";
import type { PrefixRecord, RepodataRecord } from "../types.ts";
import { contentHash } from "./check-file.ts";
import { repairFailed } from "./messages.ts";
import { type DamagedFile, type Verification, verifyDirectory } from "./verify.ts";

/** Where packages that are no longer in the cache come from is told by their records. */
export type RepairOptions = Pick<
  ChangeOptions,
  | "prefix"
  | "cacheDir"
  | "snapshotsDir"
  | "platform"
  | "command"
  | "check"
  | "keepSnapshots"
  | "onEvent"
  | "signal"
>;

export interface Repair {
  /** What was found before. */
  readonly found: Verification;
  /** Packages of conda that were put in place anew. */
  readonly repaired: readonly string[];
  /** Packages of pip with damaged files, which only pip can bring back. */
  readonly left: readonly string[];
  /** What is live now, where anything was repaired. */
  readonly generation?: Generation;
}

/**
 * Puts every package of conda that lacks a file or holds another than its own in place anew, from the
 * package cache or its channel. Settings that were edited stay. Like any change, it is staged,
 * checked and exchanged in one step.
 */
export function repairPrefix(
  options: RepairOptions,
  source: PackageSource = channelSource,
): Promise<Repair> {
  return withLockedPrefix(options, (lock) => repairLocked(options, source, lock));
}

async function repairLocked(
  options: RepairOptions,
  source: PackageSource,
  lock: PrefixLock,
): Promise<Repair> {
  const { prefix, onEvent } = options;
  recoverPrefix(options);
  const records = readPrefixRecords(prefix);
  const found = await timed("verify", onEvent, () =>
    verifyDirectory(prefix, prefix, records, options),
  );
  const { broken, left } = brokenPackages(records, found.damaged);
  if (broken.length === 0) return { found, repaired: [], left };
  recordLive(options, records, onEvent);
  for (const record of broken) forgetDamaged(archiveRecord(record), options.cacheDir);
  const transaction = reinstallation(records, broken);
  const staged = await timed("stage", onEvent, () =>
    stagePrefix({ ...options, installed: records, lock }),
  );
  try {
    const generation = await repairStaged(staged, transaction, found, source, options);
    return { found, repaired: broken.map(({ name }) => name).sort(), left, generation };
  } finally {
    await staged.discard();
  }
}

/** Of damaged packages, those that conda keeps, and the names of those that pip does. */
function brokenPackages(
  records: readonly PrefixRecord[],
  damaged: readonly DamagedFile[],
): { readonly broken: readonly PrefixRecord[]; readonly left: readonly string[] } {
  const namesOf = (manager: DamagedFile["manager"]) =>
    new Set(damaged.filter((file) => file.manager === manager).flatMap(({ packages }) => packages));
  const condas = namesOf("conda");
  const broken = inDependencyOrder(records.filter(({ name }) => condas.has(name)));
  return { broken, left: [...namesOf("pip")].sort() };
}

/** A record without what linking added to it. */
function archiveRecord(record: PrefixRecord): RepodataRecord {
  const {
    files: _files,
    paths_data: _paths,
    link: _link,
    extracted_package_dir: _directory,
    package_tarball_full_path: _tarball,
    requested_spec: _spec,
    requested_specs: _specs,
    ...archive
  } = record;
  return archive;
}

/** A file that was written to is the same file in the cache: what is damaged there is fetched anew. */
function forgetDamaged(record: RepodataRecord, cacheDir: string): void {
  const directory = join(cacheDir, distName(record));
  if (!isWhole(record, cacheDir)) rmSync(directory, { recursive: true, force: true });
  rmSync(join(directory, "info/pyc"), { recursive: true, force: true });
}

function isWhole(record: RepodataRecord, cacheDir: string): boolean {
  try {
    const { directory, paths } = readPackage(record, cacheDir);
    return paths.paths.every(({ _path, path_type, sha256 }) => {
      const status = lstatSync(join(directory, _path));
      if (path_type !== "hardlink" || sha256 === undefined) return true;
      return status.isFile() && contentHash(join(directory, _path), status) === sha256;
    });
  } catch {
    return false;
  }
}

function reinstallation(
  records: readonly PrefixRecord[],
  broken: readonly PrefixRecord[],
): Transaction {
  const going = new Set(broken);
  return {
    operations: broken.map((from) => ({ kind: "reinstall", from, to: archiveRecord(from) })),
    requestedSpecs: new Map(
      records.flatMap(({ name, requested_spec: spec = "None" }) =>
        spec === "None" ? [] : [[name, spec]],
      ),
    ),
    kept: records.filter((record) => !going.has(record)),
  };
}

async function repairStaged(
  staged: StagedPrefix,
  transaction: Transaction,
  found: Verification,
  source: PackageSource,
  options: RepairOptions,
): Promise<Generation> {
  const { onEvent, command } = options;
  const asked = { ...options, specs: [], channels: [] };
  const records = await applyTransaction(staged, transaction, source, asked);
  for (const path of found.edited) restoreSettings(path, staged);
  await refuseIfStillDamaged(staged, records, options);
  await checkStaged(staged, options);
  const change = {
    kind: "repair" as const,
    by: currentAuthor(),
    ...(command !== undefined && { command }),
    ...changesIn(staged.directory, staged.prefix, records, {}),
  };
  const { generation } = await timed("exchange", onEvent, () => staged.commit(change));
  return generation;
}

function restoreSettings(path: string, { directory, prefix }: StagedPrefix): void {
  const target = join(directory, path);
  rmSync(target, { force: true });
  copyFileSync(join(prefix, path), target, constants.COPYFILE_EXCL);
}

async function refuseIfStillDamaged(
  { directory, prefix }: StagedPrefix,
  records: readonly PrefixRecord[],
  options: RepairOptions,
): Promise<void> {
  const { damaged } = await verifyDirectory(directory, prefix, records, options);
  const still = damaged.find(({ manager }) => manager === "conda");
  if (still !== undefined) throw repairFailed(still.packages.join(" and "), still.path);
}
