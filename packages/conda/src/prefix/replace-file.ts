import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Where the new content is until it takes the old one's place; a killed run leaves it. */
export const draftOf = (file: string): string => `${file}.new`;

/** In one step, and never through a hard link that a snapshot shares. */
export function replaceFile(file: string, text: string, mode = 0o644): void {
  const draft = draftOf(file);
  writeFileSync(draft, text, { mode });
  renameSync(draft, file);
}

/** As `replaceFile`; when it returns, the new content survives a power cut. */
export function replaceFileDurably(file: string, text: string, mode = 0o644): void {
  const draft = draftOf(file);
  writeFileSync(draft, text, { mode, flush: true });
  renameSync(draft, file);
  flushDirectory(dirname(file));
}

/** What was renamed in a folder is so on the disk too. */
export function flushDirectory(directory: string): void {
  const descriptor = openSync(directory, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
