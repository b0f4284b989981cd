const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;

export type Section = "packages" | "packages.conda";

/** What is found in a repodata text. Buffers are only good until the call returns. */
export interface RecordSink {
  /** `start` and `end`: where key and record stand in the text, in bytes. */
  record(section: Section, key: Buffer, record: Buffer, start: number, end: number): void;
  /** `info`, where there is one. */
  info?(value: Buffer): void;
}

/**
 * Reads repodata piece by piece, since conda-forge's has 400 MB: its records, one after the other, as they
 * stand in the text.
 */
export class RecordScanner {
  readonly #sink: RecordSink;
  #rest: Buffer = Buffer.alloc(0);
  /** Where `#rest` begins in the text. */
  #offset = 0;
  #section: Section | undefined;
  #state: "begin" | "inside" | "end" = "begin";

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  push(piece: Buffer): void {
    const text = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    let at = 0;
    for (let next = 0; next !== -1 && this.#state !== "end"; ) {
      next = this.#step(text, at);
      if (next !== -1) at = next;
    }
    this.#rest = Buffer.from(text.subarray(at));
    this.#offset += at;
  }

  /** Throws where the text is not whole. */
  end(): void {
    if (this.#state !== "end") throw new Error("it is no whole JSON object");
  }

  /** Takes the next whole thing; says what follows it, or -1 where it is not there yet. */
  #step(text: Buffer, from: number): number {
    const at = skip(text, from);
    if (at >= text.length) return -1;
    if (this.#state === "begin") {
      if (text[at] !== OPEN) throw new Error("it is no JSON object");
      this.#state = "inside";
      return at + 1;
    }
    if (text[at] === CLOSE) return this.#close(at + 1);
    if (text[at] !== QUOTE) throw new Error("it is no JSON object");
    return this.#member(text, at);
  }

  #close(next: number): number {
    if (this.#section === undefined) this.#state = "end";
    this.#section = undefined;
    return next;
  }

  #member(text: Buffer, start: number): number {
    const keyEnd = textEnd(text, start);
    if (keyEnd === -1) return -1;
    const value = skip(text, keyEnd, COLON);
    if (value >= text.length) return -1;
    const key = text.subarray(start + 1, keyEnd - 1);
    if (this.#section === undefined && text[value] === OPEN && isSection(key)) {
      this.#section = key.toString("latin1") as Section;
      return value + 1;
    }
    const end = valueEnd(text, value);
    if (end === -1) return -1;
    this.#found(key, text.subarray(value, end), start, end);
    return end;
  }

  #found(key: Buffer, value: Buffer, start: number, end: number): void {
    const section = this.#section;
    if (section !== undefined) {
      this.#sink.record(section, key, value, this.#offset + start, this.#offset + end);
    } else if (key.equals(INFO)) this.#sink.info?.(value);
  }
}

const INFO = Buffer.from("info");
const isSection = (key: Buffer) => key.equals(PACKAGES) || key.equals(PACKAGES_CONDA);
const PACKAGES = Buffer.from("packages");
const PACKAGES_CONDA = Buffer.from("packages.conda");

/** Over white space, commas, and one other character. */
function skip(text: Buffer, from: number, also = COMMA): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const byte = text[at] ?? 0;
    if (byte > 0x20 && byte !== COMMA && byte !== also) break;
  }
  return at;
}

/** What follows a text that begins here; -1 where its end is not there. */
function textEnd(text: Buffer, start: number): number {
  for (let from = start + 1; ; ) {
    const quote = text.indexOf(QUOTE, from);
    if (quote === -1) return -1;
    let slashes = 0;
    while (text[quote - 1 - slashes] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
    from = quote + 1;
  }
}

/** What follows a value that begins here; -1 where its end is not there. */
function valueEnd(text: Buffer, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const byte = text[at];
    if (byte === QUOTE) {
      at = textEnd(text, at) - 1;
      if (at < 0) return -1;
    } else if (byte === OPEN || byte === OPEN_LIST) depth += 1;
    else if (byte === CLOSE || byte === CLOSE_LIST) {
      depth -= 1;
      if (depth < 0) return at;
    } else if (depth === 0 && byte === COMMA) return at;
    if (depth === 0 && (byte === CLOSE || byte === CLOSE_LIST)) return at + 1;
  }
  return -1;
}
