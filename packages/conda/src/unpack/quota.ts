import { unsafe } from "./fault.ts";
import { TarReader, type TarSink } from "./tar-reader.ts";

/** How much may come out of one archive: contents, headers, and what is behind the end. */
export class Quota {
  readonly #bytes: number;
  #left: number;

  constructor(bytes: number) {
    this.#bytes = bytes;
    this.#left = bytes;
  }

  take(bytes: number): void {
    this.#left -= bytes;
    if (this.#left >= 0) return;
    throw unsafe(`more than ${this.#bytes} bytes come out of it, which is too much for its size`);
  }
}

/** Reads one tar of an archive, and stops where the archive becomes too much. */
export class MeteredReader {
  readonly #reader: TarReader;
  readonly #quota: Quota;

  constructor(sink: TarSink, quota: Quota) {
    this.#reader = new TarReader(sink);
    this.#quota = quota;
  }

  push(chunk: Buffer): void {
    this.#quota.take(chunk.length);
    this.#reader.push(chunk);
  }

  end(): void {
    this.#reader.end();
  }
}
