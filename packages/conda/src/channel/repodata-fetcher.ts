import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { CondaError } from "../errors.ts";
import type { CondaEventSink } from "../events.ts";
import type { HttpClient } from "../fetch/client.ts";
import { diskFull, isDiskFull } from "../fetch/messages.ts";
import { Mirrors } from "../fetch/mirrors.ts";
import { type Answer, getUrl } from "../fetch/request.ts";
import { type RetryOptions, TransientError, withRetries } from "../fetch/retry.ts";
import { conditionalHeaders, hashInName, isFresh } from "./freshness.ts";
import {
  channelForbidden,
  channelUnreachable,
  repodataDamaged,
  repodataStale,
} from "./messages.ts";
import type { CacheEntry, RepodataCache } from "./repodata-cache.ts";

export interface FetcherOptions {
  readonly client: HttpClient;
  readonly cache: RepodataCache;
  readonly onEvent: CondaEventSink;
  readonly mirrors?: Mirrors;
  readonly retry?: Pick<RetryOptions, "attempts" | "wait">;
  now?(): number;
}

/** The channel has it, in a file; or it has not. */
export type Found = { readonly file: string } | undefined;

/**
 * `once`: another address may answer, so it is asked one time, and what does not answer is thrown as
 * TransientError. `patient`: it is asked again and again, and then a copy from before is used.
 */
export type Patience = "once" | "patient";

/**
 * Gets files of channels, each URL once. HTTP answers are kept on disk and asked for again only when
 * they are no longer fresh; where a channel cannot be reached, a copy from before is used.
 */
export class RepodataFetcher {
  readonly #options: FetcherOptions;
  readonly #found = new Map<string, Promise<Found>>();
  readonly #now: () => number;
  readonly #mirrors: Mirrors;
  /** Servers that were asked with patience, and did not answer. */
  readonly #silent = new Set<string>();
  #bytes = 0;
  #done = 0;
  #lastFetched = 0;

  constructor(options: FetcherOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#mirrors = options.mirrors ?? new Mirrors();
  }

  /** Throws CONDA_CHANNEL_UNREACHABLE or CONDA_CHANNEL_FORBIDDEN. */
  find(url: string, patience: Patience = "patient"): Promise<Found> {
    const known = this.#found.get(url);
    if (known !== undefined) return known;
    const found = this.#get(url, patience);
    this.#found.set(url, found);
    found.catch(() => this.#found.delete(url));
    return found;
  }

  /**
   * Does something at the first address of a channel's file that answers; only when none does, each is
   * asked with patience.
   */
  async atMirror<T>(
    url: string,
    action: (address: string, patience: Patience) => Promise<T>,
  ): Promise<T> {
    const isOnly = this.#mirrors.addresses(url).length === 1;
    if (isOnly) return action(url, "patient");
    try {
      return await this.#mirrors.first(url, (address) => action(address, "once"));
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      return this.#mirrors.first(url, (address) => action(address, "patient"));
    }
  }

  /** When the last answer came, as `performance.now()`; 0 when there was none. */
  get lastFetched(): number {
    return this.#lastFetched;
  }

  /** `undefined` where the channel has no such file. Throws CONDA_REPODATA_DAMAGED as well. */
  async read(url: string, patience: Patience = "patient"): Promise<Buffer | undefined> {
    const found = await this.find(url, patience);
    if (found === undefined) return undefined;
    const body = await readFile(found.file);
    const name = hashInName(url);
    if (name === undefined || createHash("sha256").update(body).digest("hex") === name) return body;
    throw await this.damaged(url, new Error("it is not what its name, which is its hash, says"));
  }

  /** The error for a file that cannot be used. It is not kept, so that the next run asks for it again. */
  async damaged(url: string, cause: unknown): Promise<CondaError> {
    await this.#options.cache.remove(url);
    return repodataDamaged(url, cause);
  }

  async #get(url: string, patience: Patience): Promise<Found> {
    if (url.startsWith("file:")) return findFile(fileURLToPath(url));
    const found = await this.#getHttp(url, patience);
    this.#done += 1;
    this.#lastFetched = performance.now();
    this.#progress(url);
    return found;
  }

  async #getHttp(url: string, patience: Patience): Promise<Found> {
    const { cache } = this.#options;
    const cached = await cache.read(url);
    if (cached !== undefined && isFresh(cached.answer, this.#now())) {
      await cache.touch(cached, this.#now());
      return foundIn(cached);
    }
    if (patience === "once") return this.#request(url, cached);
    try {
      return await this.#requestPatiently(url, cached);
    } catch (error) {
      return this.#afterFailure(url, cached, error);
    }
  }

  /** A server that has kept a run waiting for nothing does so once only. */
  #requestPatiently(url: string, cached: CacheEntry | undefined): Promise<Found> {
    const { retry, onEvent } = this.#options;
    const isSilent = this.#silent.has(new URL(url).origin);
    return withRetries(() => this.#request(url, cached), {
      ...retry,
      ...(isSilent && { attempts: 1 }),
      onRetry: (attempt, { message }) => onEvent({ type: "retry", url, attempt, reason: message }),
    });
  }

  /** Where the channel does not answer, its list of packages from the last time is used, if there is one. */
  async #afterFailure(url: string, cached: CacheEntry | undefined, error: unknown): Promise<Found> {
    if (error instanceof CondaError) throw error;
    if (isDiskFull(error)) throw diskFull(url, error);
    this.#silent.add(new URL(url).origin);
    if (cached === undefined) throw channelUnreachable(url, error);
    if (!cached.answer.isMissing) this.#options.onEvent(repodataStale(url, error));
    await this.#options.cache.touch(cached, this.#now());
    return foundIn(cached);
  }

  async #request(url: string, cached: CacheEntry | undefined): Promise<Found> {
    const headers = conditionalHeaders(cached?.answer);
    const answer = await getUrl(url, { client: this.#options.client, headers });
    if (answer.status === 200) return this.#store(url, answer);
    await answer.discard();
    const { cache } = this.#options;
    if (answer.status === 304 && cached !== undefined) {
      await cache.confirm(cached, this.#now());
      return foundIn(cached);
    }
    if (answer.status === 401 || answer.status === 403) throw channelForbidden(url, answer.status);
    if (![404, 410, 501].includes(answer.status)) {
      throw new TransientError(`HTTP ${answer.status} from ${url}`);
    }
    await cache.writeMissing(url, this.#now());
    return undefined;
  }

  async #store(url: string, answer: Answer): Promise<Found> {
    const { headers } = answer;
    const said = {
      url,
      etag: headers.get("etag"),
      lastModified: headers.get("last-modified"),
      cacheControl: headers.get("cache-control"),
      fetchedAt: this.#now(),
    };
    const entry = await this.#options.cache.write(said, answer.body, (bytes) => {
      this.#bytes += bytes;
    });
    return { file: entry.body };
  }

  #progress(url: string): void {
    this.#options.onEvent({
      type: "phase.progress",
      phase: "repodata",
      done: this.#done,
      total: this.#found.size,
      bytes: this.#bytes,
      item: url,
    });
  }
}

function foundIn({ body, answer }: CacheEntry): Found {
  return answer.isMissing ? undefined : { file: body };
}

async function findFile(file: string): Promise<Found> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() ? { file } : undefined;
}
