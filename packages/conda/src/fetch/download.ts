import { createHash, type Hash } from "node:crypto";
import { closeSync, createReadStream, openSync, writeSync } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { CondaError } from "../errors.ts";
import type { CondaEventSink } from "../events.ts";
import type { HttpClient } from "./client.ts";
import { redactUrl } from "./credentials.ts";
import {
  type DamageFound,
  diskFull,
  downloadFailed,
  isDiskFull,
  packageDamaged,
  packageNotFound,
} from "./messages.ts";
import { Mirrors } from "./mirrors.ts";
import { type Answer, getUrl } from "./request.ts";
import { type RetryOptions, TransientError, withRetries } from "./retry.ts";

/** A file and what the channel says of it. At least one hash should be known. */
export interface DownloadRequest {
  readonly url: string;
  readonly destination: string;
  readonly size?: number | undefined;
  readonly sha256?: string | undefined;
  readonly md5?: string | undefined;
}

export interface DownloadOptions {
  readonly client: HttpClient;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: CondaEventSink | undefined;
  /** Bytes that are there now, from the beginning of the file. */
  onBytes?(bytes: number): void;
  readonly retry?: Pick<RetryOptions, "attempts" | "wait">;
  /** Where else the file may be. What one has begun another continues: the hash tells whether it fits. */
  readonly mirrors?: Mirrors;
}

const NO_MIRRORS = new Mirrors();

/**
 * Downloads a file to `destination`, which appears only when it is complete and has the size and
 * hash that are expected. `<destination>.partial` is what is there until then; a later call
 * continues it. A wrong file is fetched once more from its beginning, and from each mirror once.
 */
export async function download(file: DownloadRequest, options: DownloadOptions): Promise<void> {
  const partial = `${file.destination}.partial`;
  const mirrors = options.mirrors ?? NO_MIRRORS;
  try {
    let damage = await fetchAndCheck(file, partial, options);
    for (const _ of mirrors.addresses(file.url).slice(1, -1).concat(file.url)) {
      if (damage === undefined) break;
      mirrors.leave(damage.url, packageDamaged(damage));
      damage = await fetchAndCheck(file, partial, options);
    }
    if (damage !== undefined) throw packageDamaged(damage);
    await rename(partial, file.destination);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw downloadError(file, error);
  }
}

function downloadError(file: DownloadRequest, error: unknown): CondaError {
  if (error instanceof CondaError) return error;
  if (isDiskFull(error)) return diskFull(file.destination, error);
  return downloadFailed(file.url, error);
}

/** What is wrong with the file that came, which is then gone; nothing when it is right. */
async function fetchAndCheck(
  file: DownloadRequest,
  partial: string,
  options: DownloadOptions,
): Promise<DamageFound | undefined> {
  const mirrors = options.mirrors ?? NO_MIRRORS;
  const transferFrom = async (url: string) => {
    options.signal?.throwIfAborted();
    return { url, ...(await transfer({ ...file, url }, partial, options)) };
  };
  const found = await withRetries(() => mirrors.first(file.url, transferFrom), {
    ...options.retry,
    signal: options.signal,
    onRetry: (attempt, error) =>
      options.onEvent?.({
        type: "retry",
        url: redactUrl(file.url),
        attempt,
        reason: error.message,
      }),
  });
  const damage = compare({ ...file, url: found.url }, found);
  if (damage !== undefined) await rm(partial, { force: true });
  return damage;
}

interface Received {
  readonly bytes: number;
  readonly hash: Hash;
}

function compare(file: DownloadRequest, { bytes, hash }: Received): DamageFound | undefined {
  const { url } = file;
  if (file.size !== undefined && bytes !== file.size) {
    return { url, what: "size", expected: `${file.size} bytes`, found: `${bytes} bytes` };
  }
  const what = hashName(file);
  const expected = file.sha256 ?? file.md5;
  const found = hash.digest("hex");
  return expected === undefined || expected.toLowerCase() === found
    ? undefined
    : { url, what, expected, found };
}

function hashName(file: DownloadRequest): "sha256" | "md5" {
  return file.sha256 === undefined && file.md5 !== undefined ? "md5" : "sha256";
}

/** One attempt: continues what is there, where the server agrees. */
async function transfer(
  file: DownloadRequest,
  partial: string,
  options: DownloadOptions,
): Promise<Received> {
  const begun = await readBegun(file, partial);
  if (begun.bytes > 0 && begun.bytes === file.size) return begun;
  const headers: Record<string, string> = {};
  if (begun.bytes > 0) headers.range = `bytes=${begun.bytes}-`;
  const answer = await getUrl(file.url, { ...options, headers });
  if (answer.status === 416 && begun.bytes > 0) {
    await rm(partial, { force: true });
    throw new TransientError("the server does not continue this download");
  }
  const continued = isContinuation(answer, begun.bytes);
  if (answer.status !== 200 && !continued) {
    await answer.discard();
    throw statusError(file.url, answer.status);
  }
  const start = continued ? begun : { bytes: 0, hash: createHash(hashName(file)) };
  return receive(answer, { file, partial, start, options });
}

async function readBegun(file: DownloadRequest, partial: string): Promise<Received> {
  const hash = createHash(hashName(file));
  const bytes = await stat(partial).then(
    (found) => found.size,
    () => 0,
  );
  if (bytes === 0 || bytes > (file.size ?? Number.POSITIVE_INFINITY)) return { bytes: 0, hash };
  for await (const chunk of createReadStream(partial, { highWaterMark: 1 << 20 })) {
    hash.update(chunk);
  }
  return { bytes, hash };
}

function isContinuation(answer: Answer, from: number): boolean {
  const range = answer.headers.get("content-range") ?? "";
  return from > 0 && answer.status === 206 && range.startsWith(`bytes ${from}-`);
}

function statusError(url: string, status: number): Error {
  if (status === 404 || status === 410) return packageNotFound(url, status);
  return downloadFailed(url, new Error(`HTTP ${status}`));
}

interface Reception {
  readonly file: DownloadRequest;
  readonly partial: string;
  readonly start: Received;
  readonly options: DownloadOptions;
}

async function receive(answer: Answer, reception: Reception): Promise<Received> {
  const { file, partial, start, options } = reception;
  const descriptor = openSync(partial, start.bytes === 0 ? "w" : "a", 0o644);
  let bytes = start.bytes;
  try {
    for await (const chunk of answer.body) {
      options.signal?.throwIfAborted();
      start.hash.update(chunk);
      for (let at = 0; at < chunk.length; ) at += writeSync(descriptor, chunk, at);
      bytes += chunk.length;
      options.onBytes?.(bytes);
      if (bytes > (file.size ?? Number.POSITIVE_INFINITY)) break;
    }
  } finally {
    closeSync(descriptor);
    await answer.discard();
  }
  return { bytes, hash: start.hash };
}
