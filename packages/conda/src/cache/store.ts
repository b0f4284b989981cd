import { appendFileSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { redactUrl } from "../fetch/credentials.ts";
import { diskFull, isDiskFull } from "../fetch/messages.ts";
import type { RepodataRecord } from "../types.ts";
import { cacheUnwritable } from "./messages.ts";
import { distName } from "./names.ts";

const TEMPORARY = /^\.(?:unpack|old)-(\d+)-/;

/** Makes the cache's folder, and removes what a killed run left in it. */
export function openStore(cacheDir: string): void {
  try {
    mkdirSync(cacheDir, { recursive: true, mode: 0o755 });
    // conda takes a folder for a package cache when this file is in it.
    appendFileSync(join(cacheDir, "urls.txt"), "");
  } catch (error) {
    throw isDiskFull(error) ? diskFull(cacheDir, error) : cacheUnwritable(cacheDir, error);
  }
  for (const name of readdirSync(cacheDir)) {
    const owner = TEMPORARY.exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    rmSync(join(cacheDir, name), STILL_WRITTEN);
  }
}

/** Programs that a killed run started may write into its folders for a moment. */
const STILL_WRITTEN = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 };

/** A folder beside the entries, to be made and unpacked into. */
export function temporaryFolder(cacheDir: string, record: RepodataRecord): string {
  return temporaryName(cacheDir, "unpack", record);
}

let count = 0;

function temporaryName(cacheDir: string, kind: "unpack" | "old", record: RepodataRecord): string {
  count += 1;
  return join(cacheDir, `.${kind}-${process.pid}-${count}-${distName(record)}`);
}

/** Makes an unpacked folder the cache's entry for a record, in one step, in place of another of that name. */
export async function commitFolder(
  cacheDir: string,
  record: RepodataRecord,
  unpacked: string,
): Promise<void> {
  const recordFile = join(unpacked, "info/repodata_record.json");
  mkdirSync(join(unpacked, "info"), { recursive: true, mode: 0o755 });
  // Whatever of that name came in the archive is replaced, and a link there is not followed.
  rmSync(recordFile, { force: true, recursive: true });
  writeFileSync(recordFile, recordJson(record), { mode: 0o644, flag: "wx" });
  const old = temporaryName(cacheDir, "old", record);
  const hadOld = renameIfThere(join(cacheDir, distName(record)), old);
  renameSync(unpacked, join(cacheDir, distName(record)));
  appendFileSync(join(cacheDir, "urls.txt"), `${redactUrl(record.url)}\n`);
  if (hadOld) await rm(old, { recursive: true, force: true });
}

/** An archive that is already there is checked like one that has just arrived. */
export function reuseArchive(archive: string): void {
  renameIfThere(archive, `${archive}.partial`);
}

function renameIfThere(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** As conda writes it: keys in order, two spaces, a line's end. */
function recordJson(record: RepodataRecord): string {
  const sorted = Object.fromEntries(
    Object.entries(record)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return `${JSON.stringify(sorted, null, 2)}\n`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
