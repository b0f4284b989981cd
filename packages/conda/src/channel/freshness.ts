import type { CachedAnswer } from "./repodata-cache.ts";

/** A shard's name is the SHA-256 of its content: what is there once stays right (CEP 16). */
export function hashInName(url: string): string | undefined {
  return /\/([0-9a-f]{64})\.msgpack\.zst$/.exec(url)?.[1];
}

/** Whether a cached answer may be used without asking the server (RFC 9111, 4.2). */
export function isFresh(answer: CachedAnswer, now: number): boolean {
  if (hashInName(answer.url) !== undefined) return true;
  const control = answer.cacheControl ?? "";
  if (/\bno-cache\b|\bno-store\b/.test(control)) return false;
  const seconds = Number(/\bmax-age=(\d+)/.exec(control)?.[1] ?? 0);
  const age = now - answer.fetchedAt;
  return age >= 0 && age < seconds * 1000;
}

/** The headers that let the server answer 304 where nothing has changed. */
export function conditionalHeaders(answer: CachedAnswer | undefined): Record<string, string> {
  return {
    ...(answer?.etag === undefined ? {} : { "if-none-match": answer.etag }),
    ...(answer?.lastModified === undefined ? {} : { "if-modified-since": answer.lastModified }),
  };
}
