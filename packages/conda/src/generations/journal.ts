import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { replaceFileDurably } from "../prefix/replace-file.ts";
import type { Generation } from "./generation.ts";
import { readMarker } from "./marker.ts";

/** A generation, and the folder below the snapshots where its files are, if they are still kept. */
export interface JournalEntry extends Generation {
  readonly snapshot?: string;
}

/** An exchange that is about to be made; what a killed run left is told by it. */
export interface Pending {
  readonly generation: Generation;
  /** The name of the copy beside the prefix. */
  readonly staged: string;
  /** Where the environment before is to be kept; absent where there is none. */
  readonly snapshot?: string;
}

export interface Journal {
  readonly version: 1;
  /** By number. The last one is live, unless an exchange is pending. */
  readonly generations: readonly JournalEntry[];
  readonly pending?: Pending;
}

/** Entries kept; those beyond it have lost their files long ago. */
const MOST_ENTRIES = 500;

/** An environment and where its earlier states are. */
export interface KeptPrefix {
  readonly prefix: string;
  readonly snapshotsDir: string;
}

export function journalFile({ prefix, snapshotsDir }: KeptPrefix): string {
  return join(snapshotsDir, `${basename(prefix)}.generations.json`);
}

/** One that is missing or damaged is made again from what the environments say of themselves. */
export function readJournal(kept: KeptPrefix): Journal {
  try {
    const journal = JSON.parse(readFileSync(journalFile(kept), "utf8")) as Partial<Journal> | null;
    if (journal?.version === 1 && Array.isArray(journal.generations)) return journal as Journal;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!(error instanceof SyntaxError) && code !== "ENOENT") throw error;
  }
  return { version: 1, generations: rebuilt(kept) };
}

function rebuilt({ prefix, snapshotsDir }: KeptPrefix): JournalEntry[] {
  const entries = new Map<number, JournalEntry>();
  for (const snapshot of snapshotNames(prefix, snapshotsDir)) {
    const generation = readMarker(join(snapshotsDir, snapshot))?.generation;
    if (generation) entries.set(generation.number, { ...generation, snapshot });
  }
  const live = readMarker(prefix)?.generation;
  if (live) entries.set(live.number, live);
  return [...entries.values()].sort((a, b) => a.number - b.number);
}

/** Needs the lock of the prefix. */
export function writeJournal(kept: KeptPrefix, journal: Journal): void {
  mkdirSync(kept.snapshotsDir, { recursive: true });
  const generations = journal.generations.slice(-MOST_ENTRIES);
  const text = `${JSON.stringify({ ...journal, generations }, null, 1)}\n`;
  replaceFileDurably(journalFile(kept), text, 0o600);
}

/** Folders of earlier states of `prefix`, the oldest first. */
export function snapshotNames(prefix: string, snapshotsDir: string): string[] {
  const start = `${basename(prefix)}-`;
  const isOurs = (name: string): boolean =>
    name.startsWith(start) && /^\d{8}T\d{9}Z(-\d+)?$/.test(name.slice(start.length));
  return directoryNames(snapshotsDir).filter(isOurs).sort();
}

export function directoryNames(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
