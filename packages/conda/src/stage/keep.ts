import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import {
  directoryNames,
  type JournalEntry,
  journalFile,
  type KeptPrefix,
  readJournal,
  snapshotNames,
  writeJournal,
} from "../generations/journal.ts";
import { MARKER, readMarker } from "../generations/marker.ts";
import { draftOf } from "../prefix/replace-file.ts";
import { mendExchange, stagedStart } from "./exchange.ts";
import { type RemoveTree, removeTree } from "./remove-tree.ts";

/** The package cache of a conda in the environment: moved, not cloned, for it can be huge. */
export const CARRIED = ["pkgs"];

/** A name for what is about to be put aside. */
export function snapshotName(prefix: string): string {
  const time = new Date().toISOString().replaceAll(/[-:.]/g, "");
  return `${basename(prefix)}-${time}`;
}

/**
 * After an exchange: what was live goes to the snapshots, and the journal says so. May be repeated
 * after a kill at any point of it.
 */
export function finishExchange(kept: KeptPrefix): string | undefined {
  const journal = readJournal(kept);
  const { pending } = journal;
  if (pending === undefined) return undefined;
  const staged = join(dirname(kept.prefix), pending.staged);
  const previous = [`${staged}.previous`, staged].find((path) => existsSync(path));
  if (previous !== undefined) carryOver(previous, kept.prefix);
  const snapshot = putAside(previous, kept, pending.snapshot);
  const generations = journal.generations.map((entry, place): JournalEntry => {
    const wasLive = place === journal.generations.length - 1;
    return wasLive && snapshot !== undefined ? { ...entry, snapshot } : entry;
  });
  writeJournal(kept, { version: 1, generations: [...generations, pending.generation] });
  if (snapshot === undefined && previous !== undefined) {
    rmSync(previous, { recursive: true, force: true });
  }
  return snapshot === undefined ? undefined : join(kept.snapshotsDir, snapshot);
}

function carryOver(previous: string, prefix: string): void {
  for (const name of CARRIED) {
    const from = join(previous, name);
    const to = join(prefix, name);
    if (existsSync(from) && !existsSync(to)) renameSync(from, to);
  }
}

/** Nothing is kept where snapshots are on another file system: a copy would not be one step. */
function putAside(
  previous: string | undefined,
  { snapshotsDir }: KeptPrefix,
  name: string | undefined,
): string | undefined {
  if (name === undefined) return undefined;
  const target = join(snapshotsDir, name);
  if (previous === undefined) return existsSync(target) ? name : undefined;
  try {
    renameSync(previous, target);
    return name;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EXDEV") return undefined;
    throw error;
  }
}

/** Generations whose files are beyond the latest `keep` that are kept, the oldest first. */
export function oldGenerations(kept: KeptPrefix, keep: number): JournalEntry[] {
  const old = readJournal(kept).generations.filter(({ snapshot }) => snapshot !== undefined);
  return keep === 0 ? old : old.slice(0, -keep);
}

/** Of the generations before the live one, the latest `keep` keep their files; the others' go to `remove`. */
export function forgetOld(kept: KeptPrefix, keep: number, remove: RemoveTree = removeTree): void {
  const journal = readJournal(kept);
  const going = new Map(oldGenerations(kept, keep).map((entry) => [entry.number, entry]));
  if (going.size === 0) return;
  const generations = journal.generations.map((entry): JournalEntry => {
    if (!going.has(entry.number)) return entry;
    const { snapshot: _, ...rest } = entry;
    return rest;
  });
  writeJournal(kept, { ...journal, generations });
  for (const { snapshot = "" } of going.values())
    remove(doomed(join(kept.snapshotsDir, snapshot), kept));
}

const removedStart = (prefix: string): string => `${basename(prefix)}.removed-`;

/** Under a name that says so, so that half of a snapshot is never taken for one. */
function doomed(directory: string, { prefix, snapshotsDir }: KeptPrefix): string {
  const path = join(snapshotsDir, removedStart(prefix) + randomBytes(4).toString("hex"));
  renameSync(directory, path);
  return path;
}

/**
 * Finishes or takes back what a killed run left, and removes what belongs to nothing. Needs the lock.
 */
export function recoverPrefix(kept: KeptPrefix): void {
  mendExchange(kept.prefix);
  const { pending, ...journal } = readJournal(kept);
  if (pending !== undefined) {
    const isLive = readMarker(kept.prefix)?.generation.id === pending.generation.id;
    if (isLive) finishExchange(kept);
    else writeJournal(kept, journal);
  }
  // Programs that a killed run started may write into its copy for a moment.
  const patient = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 };
  for (const path of leftovers(kept)) rmSync(path, patient);
  for (const file of [journalFile(kept), join(kept.prefix, MARKER)]) {
    rmSync(draftOf(file), { force: true });
  }
}

/** What no run that is alive, and no entry of the journal, has a claim to. Needs the lock. */
export function leftovers(kept: KeptPrefix): string[] {
  const { prefix, snapshotsDir } = kept;
  const parent = dirname(prefix);
  const { generations, pending } = readJournal(kept);
  const staged = directoryNames(parent)
    .filter((name) => name.startsWith(stagedStart(prefix)))
    .filter((name) => pending === undefined || !name.startsWith(pending.staged));
  const removed = directoryNames(snapshotsDir).filter((name) =>
    name.startsWith(removedStart(prefix)),
  );
  const listed = new Set([...generations, pending].map((entry) => entry?.snapshot));
  const unlisted = snapshotNames(prefix, snapshotsDir).filter((name) => !listed.has(name));
  return [
    ...staged.map((name) => join(parent, name)),
    ...[...removed, ...unlisted].map((name) => join(snapshotsDir, name)),
  ];
}

const failedStart = (prefix: string): string => `${basename(prefix)}.failed-`;

/** Environments that did not pass their check and are kept for a look, beside the prefix. */
export function failedDirectories(prefix: string): string[] {
  const parent = dirname(prefix);
  return directoryNames(parent)
    .filter((name) => name.startsWith(failedStart(prefix)))
    .map((name) => join(parent, name));
}

/** Where a staged environment is kept for a look, should it fail its check. */
export function failedDirectory(prefix: string, staged: string): string {
  const id = basename(staged).slice(stagedStart(prefix).length);
  return join(dirname(prefix), failedStart(prefix) + id);
}

/** Only the last one is kept. */
export function keepFailed(prefix: string, staged: string): void {
  mkdirSync(dirname(prefix), { recursive: true });
  const earlier = failedDirectories(prefix);
  renameSync(staged, failedDirectory(prefix, staged));
  for (const path of earlier) rmSync(path, { recursive: true, force: true });
}
