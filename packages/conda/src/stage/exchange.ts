import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { flushDirectory } from "../prefix/replace-file.ts";
import { exchangePaths, syncFileSystem } from "./native.ts";

/** Names of what stands beside a prefix while it changes. */
export const stagedStart = (prefix: string): string => `${basename(prefix)}.staged-`;
const journalFile = (prefix: string): string =>
  join(dirname(prefix), `.${basename(prefix)}.exchange.json`);

/** All that was written so far is on the disk before the new environment takes its place. */
export async function flush(directory: string): Promise<void> {
  const descriptor = openSync(directory, "r");
  try {
    await syncFileSystem(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Puts `staged` in the place of `prefix`. Afterwards what was at `prefix` is at `staged`; nothing
 * is there if there was nothing, or an empty folder.
 */
export function exchange(staged: string, prefix: string): void {
  if (isNothing(prefix)) renameSync(staged, prefix);
  else if (!exchangePaths(staged, prefix)) exchangeInTwoSteps(staged, prefix);
  flushDirectory(dirname(prefix));
}

/** For file systems that cannot exchange. A kill in between is mended from the journal. */
export function exchangeInTwoSteps(staged: string, prefix: string): void {
  const previous = `${staged}.previous`;
  const journal = journalFile(prefix);
  writeFileSync(journal, JSON.stringify({ previous }));
  flushDirectory(dirname(prefix));
  renameSync(prefix, previous);
  renameSync(staged, prefix);
  flushDirectory(dirname(prefix));
  rmSync(journal);
  renameSync(previous, staged);
}

/** A prefix that was half exchanged in two steps is put back. Needs the lock. */
export function mendExchange(prefix: string): void {
  const journal = journalFile(prefix);
  if (!existsSync(journal)) return;
  const previous = previousOf(journal);
  if (previous !== undefined && existsSync(previous) && !existsSync(prefix)) {
    renameSync(previous, prefix);
  }
  rmSync(journal, { force: true });
}

/** A journal cut short was written before anything moved. */
function previousOf(journal: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(journal, "utf8")) as { previous: string }).previous;
  } catch {
    return undefined;
  }
}

export function isNothing(prefix: string): boolean {
  try {
    return readdirSync(prefix).length === 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return true;
    throw error;
  }
}
