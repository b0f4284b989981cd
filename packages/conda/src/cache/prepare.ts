import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { CondaError } from "../errors.ts";
import type { CondaEventSink } from "../events.ts";
import { createHttpClient, type HttpClient } from "../fetch/client.ts";
import { download } from "../fetch/download.ts";
import { diskFull, isDiskFull } from "../fetch/messages.ts";
import type { PackageArchive, RepodataRecord } from "../types.ts";
import { unpackFailed } from "../unpack/messages.ts";
import { UnpackPool } from "../unpack/pool.ts";
import { findPackage, readPackage } from "./entry.ts";
import { mapConcurrently } from "./map-concurrently.ts";
import { checkRecord } from "./names.ts";
import { PrepareProgress } from "./progress.ts";
import { commitFolder, openStore, reuseArchive, temporaryFolder } from "./store.ts";

export interface PrepareOptions {
  /** The package cache: written by one process at a time. */
  readonly cacheDir: string;
  readonly onEvent?: CondaEventSink | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Keep the archives beside the unpacked packages, as conda does. They are removed otherwise. */
  readonly keepArchives?: boolean;
  /** Downloads at the same time. */
  readonly downloads?: number;
}

const DOWNLOADS = 8;
const MOST_UNPACKERS = 4;

/**
 * Has every package of a solution unpacked in the cache: downloads what is missing, checks it, and
 * unpacks it while others are still on their way. The answer is in the order of `records`. Throws
 * the first CondaError and stops the rest; a later call continues where this one stopped.
 */
export async function preparePackages(
  records: readonly RepodataRecord[],
  options: PrepareOptions,
): Promise<readonly PackageArchive[]> {
  options.signal?.throwIfAborted();
  for (const record of records) checkRecord(record);
  openStore(options.cacheDir);
  const found = new Map<RepodataRecord, PackageArchive>();
  for (const record of records) {
    const archive = findPackage(record, options.cacheDir);
    if (archive !== undefined) found.set(record, archive);
  }
  const missing = records.filter((record) => !found.has(record));
  await prepareMissing(missing, options);
  return records.map((record) => found.get(record) ?? readPackage(record, options.cacheDir));
}

async function prepareMissing(
  records: readonly RepodataRecord[],
  options: PrepareOptions,
): Promise<void> {
  if (records.length === 0) return;
  const stop = new AbortController();
  const signals = [stop.signal, ...(options.signal === undefined ? [] : [options.signal])];
  const progress = new PrepareProgress(records, options.onEvent ?? (() => {}));
  const client = createHttpClient();
  const pool = new UnpackPool(Math.min(availableParallelism(), MOST_UNPACKERS));
  const signal = AbortSignal.any(signals);
  signal.addEventListener("abort", () => void pool.close(), { once: true });
  progress.start();
  try {
    await prepareAll(records, { ...options, client, pool, progress, signal }, () => stop.abort());
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    await pool.close();
    await client.close();
  }
}

interface Preparation extends PrepareOptions {
  readonly client: HttpClient;
  readonly pool: UnpackPool;
  readonly progress: PrepareProgress;
  readonly signal: AbortSignal;
}

/** Waits for all, so that nothing still writes when the first error is thrown. */
async function prepareAll(
  records: readonly RepodataRecord[],
  preparation: Preparation,
  stop: () => void,
): Promise<void> {
  // The largest first: the last one to be unpacked should not be one that takes long.
  const ordered = records.toSorted((a, b) => (b.size ?? 0) - (a.size ?? 0));
  const unpacking: Promise<void>[] = [];
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown) => {
    failure ??= { error };
    stop();
  };
  await mapConcurrently(ordered, preparation.downloads ?? DOWNLOADS, async (record) => {
    if (preparation.signal.aborted) return;
    await fetchArchive(record, preparation).then(() => {
      unpacking.push(unpackPackage(record, preparation).catch(fail));
    }, fail);
  });
  await Promise.all(unpacking);
  if (failure !== undefined) throw failure.error;
  preparation.signal.throwIfAborted();
}

async function fetchArchive(record: RepodataRecord, preparation: Preparation): Promise<void> {
  const destination = join(preparation.cacheDir, record.fn);
  const { url, size, sha256, md5 } = record;
  reuseArchive(destination);
  await download(
    { url, destination, size, sha256, md5 },
    { ...preparation, onBytes: (bytes) => preparation.progress.bytes(record, bytes) },
  );
  preparation.progress.downloaded(record);
}

async function unpackPackage(record: RepodataRecord, preparation: Preparation): Promise<void> {
  preparation.signal.throwIfAborted();
  const { cacheDir, pool, progress } = preparation;
  const archive = join(cacheDir, record.fn);
  const folder = temporaryFolder(cacheDir, record);
  try {
    mkdirSync(folder, { mode: 0o755 });
    await pool.unpack(archive, folder);
    await commitFolder(cacheDir, record, folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    await rm(archive, { force: true });
    if (error instanceof CondaError || preparation.signal.aborted) throw error;
    throw isDiskFull(error) ? diskFull(cacheDir, error) : unpackFailed(record.fn, error);
  }
  if (preparation.keepArchives !== true) await rm(archive, { force: true });
  progress.unpacked(record);
}
