import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheUnwritable } from "../cache/messages.ts";

/** What is remembered beside a cached answer, to ask the server whether it is still the same. */
export interface CachedAnswer {
  readonly url: string;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  readonly cacheControl: string | undefined;
  /** Milliseconds since 1970. */
  readonly fetchedAt: number;
  readonly size: number;
  /** The channel has no such file: known, so that it need not be asked where it does not answer. */
  readonly isMissing?: boolean;
}

export interface CacheEntry {
  readonly body: string;
  readonly answer: CachedAnswer;
}

const UNUSED_FOR = 30 * 24 * 3600 * 1000;

/** Answers of channels on disk, one file for the body and one for what was said with it. */
export class RepodataCache {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Makes the folder, and removes what nobody has asked for in 30 days. */
  async open(now: number): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o755 }).catch((error) => {
      throw cacheUnwritable(this.#directory, error);
    });
    for (const name of await readdir(this.#directory)) {
      const path = join(this.#directory, name);
      const found = await stat(path).catch(() => undefined);
      if (found !== undefined && now - found.mtimeMs > UNUSED_FOR) await rm(path, { force: true });
    }
  }

  async read(url: string): Promise<CacheEntry | undefined> {
    const { body, meta } = this.#files(url);
    try {
      const answer = JSON.parse(await readFile(meta, "utf8")) as CachedAnswer;
      const { size } = await stat(body);
      return answer.url === url && answer.size === size ? { body, answer } : undefined;
    } catch {
      return undefined;
    }
  }

  /** Both files appear whole or not at all. */
  async write(
    answer: Omit<CachedAnswer, "size">,
    content: AsyncIterable<Buffer>,
    onChunk: (bytes: number) => void,
  ): Promise<CacheEntry> {
    const { body, meta } = this.#files(answer.url);
    const temporary = `${body}.${process.pid}.tmp`;
    const size = await writeChunks(temporary, content, onChunk);
    await rename(temporary, body);
    const entry = { body, answer: { ...answer, size } };
    await writeFile(`${meta}.${process.pid}.tmp`, JSON.stringify(entry.answer));
    await rename(`${meta}.${process.pid}.tmp`, meta);
    return entry;
  }

  async writeMissing(url: string, now: number): Promise<void> {
    const said = { etag: undefined, lastModified: undefined, cacheControl: undefined };
    await this.write({ url, ...said, fetchedAt: now, isMissing: true }, nothing(), () => {});
  }

  /** The server says that a cached answer is still right. */
  async confirm(entry: CacheEntry, now: number): Promise<void> {
    const { meta } = this.#files(entry.answer.url);
    await writeFile(
      `${meta}.${process.pid}.tmp`,
      JSON.stringify({ ...entry.answer, fetchedAt: now }),
    );
    await rename(`${meta}.${process.pid}.tmp`, meta);
    await this.touch(entry, now);
  }

  /** Keeps an entry that is in use from being removed for its age. */
  async touch(entry: CacheEntry, now: number): Promise<void> {
    const { body, meta } = this.#files(entry.answer.url);
    await Promise.all([body, meta].map((file) => utimes(file, now / 1000, now / 1000)));
  }

  async remove(url: string): Promise<void> {
    const { body, meta } = this.#files(url);
    await Promise.all([body, meta].map((file) => rm(file, { force: true })));
  }

  #files(url: string): { body: string; meta: string } {
    const key = createHash("sha256").update(url).digest("hex").slice(0, 32);
    return { body: join(this.#directory, key), meta: join(this.#directory, `${key}.json`) };
  }
}

async function* nothing(): AsyncGenerator<Buffer> {}

async function writeChunks(
  file: string,
  content: AsyncIterable<Buffer>,
  onChunk: (bytes: number) => void,
): Promise<number> {
  const descriptor = openSync(file, "w", 0o644);
  let size = 0;
  try {
    for await (const chunk of content) {
      for (let at = 0; at < chunk.length; ) at += writeSync(descriptor, chunk, at);
      size += chunk.length;
      onChunk(chunk.length);
    }
    return size;
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}
