import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { type MirrorTable, openMirrors } from "../channel/mirror-table.ts";
import { CondaError } from "../errors.ts";
import type { CondaEventSink } from "../events.ts";
import { createHttpClient, type HttpClient } from "../fetch/client.ts";
import { download } from "../fetch/download.ts";
import { diskFull, isDiskFull } from "../fetch/messages.ts";
import type { Mirrors } from "../fetch/mirrors.ts";
import type { PackageArchive, RepodataRecord } from "../types.ts";
import { unpackFailed } from "../unpack/messages.ts";
import { UnpackPool } from "../unpack/pool.ts";
import { findPackage, readPackage } from "./entry.ts";
import { mapConcurrently } from "./map-concurrently.ts";
import { checkRecord, distName } from "./names.ts";
import { inDownloadOrder } from "./order.ts";
import { PrepareProgress } from "./progress.ts";
import { commitFolder, openStore, reuseArchive, temporaryFolder } from "./store.ts";

export interface PrepareOptions {
  /** The package cache: written by one process at a time. */
  readonly cacheDir: string;
  readonly onEvent?: CondaEventSink | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Keep the archives beside the unpacked packages, as conda does. They are removed otherwise. */
  readonly keepArchives?: boolean;
  readonly mirrors?: MirrorTable | undefined;
  /** Downloads at the same time. */
  readonly downloads?: number;
  /** Told of each package as soon as it is complete; what this throws stops the rest. */
  readonly onPackage?: ((archive: PackageArchive) => void) | undefined;
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
  await prepareRest(records, found, options);
  return records.map((record) => found.get(record) ?? readPackage(record, options.cacheDir));
}

/** Tells what was found, and completes `found`. */
async function prepareRest(
  records: readonly RepodataRecord[],
  found: Map<RepodataRecord, PackageArchive>,
  options: PrepareOptions,
): Promise<void> {
  const missing = records.filter((record) => !found.has(record));
  const stop = new AbortController();
  const signals = [stop.signal, ...(options.signal === undefined ? [] : [options.signal])];
  const progress = new PrepareProgress(missing, options.onEvent ?? (() => {}));
  const client = createHttpClient();
  const pool = new UnpackPool(Math.min(availableParallelism(), MOST_UNPACKERS));
  const signal = AbortSignal.any(signals);
  signal.addEventListener("abort", () => void pool.close(), { once: true });
  const mirrors = openMirrors(options.mirrors, options.onEvent);
  const preparation = { ...options, client, pool, progress, signal, found, mirrors };
  try {
    await prepareAll(missing, preparation, () => stop.abort());
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    await pool.close();
    await client.close();
  }
}

interface Preparation extends Omit<PrepareOptions, "mirrors"> {
  readonly mirrors: Mirrors;
  readonly client: HttpClient;
  readonly pool: UnpackPool;
  readonly progress: PrepareProgress;
  readonly signal: AbortSignal;
  readonly found: Map<RepodataRecord, PackageArchive>;
}

/** Waits for all, so that nothing still writes when the first error is thrown. */
async function prepareAll(
  records: readonly RepodataRecord[],
  preparation: Preparation,
  stop: () => void,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown) => {
    failure ??= { error };
    stop();
  };
  const unpacking = [tellFound([...preparation.found.values()], preparation).catch(fail)];
  preparation.progress.start();
  await mapConcurrently(
    inDownloadOrder(records),
    preparation.downloads ?? DOWNLOADS,
    async (record) => {
      if (preparation.signal.aborted) return;
      await fetchArchive(record, preparation).then(() => {
        unpacking.push(unpackPackage(record, preparation).catch(fail));
      }, fail);
    },
  );
  await Promise.all(unpacking);
  if (failure !== undefined) throw failure.error;
  preparation.signal.throwIfAborted();
}

/** In pieces, between which downloads go on and a Ctrl-C is heard. */
async function tellFound(
  archives: readonly PackageArchive[],
  { onPackage, signal }: Preparation,
): Promise<void> {
  if (onPackage === undefined) return;
  for (const archive of archives) {
    await setImmediate();
    signal.throwIfAborted();
    onPackage(archive);
  }
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
  let unpacked: PackageArchive;
  try {
    mkdirSync(folder, { mode: 0o755 });
    await pool.unpack(archive, folder);
    unpacked = readPackage(record, cacheDir, folder);
    await commitFolder(cacheDir, record, folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    await rm(archive, { force: true });
    if (error instanceof CondaError || preparation.signal.aborted) throw error;
    throw isDiskFull(error) ? diskFull(cacheDir, error) : unpackFailed(record.fn, error);
  }
  if (preparation.keepArchives !== true) await rm(archive, { force: true });
  progress.unpacked(record);
  const entry = { ...unpacked, directory: join(cacheDir, distName(record)) };
  preparation.found.set(record, entry);
  preparation.onPackage?.(entry);
}
