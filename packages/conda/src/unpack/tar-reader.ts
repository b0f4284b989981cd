import { damaged, unsafe } from "./fault.ts";
import { readPax } from "./pax.ts";
import { BLOCK, readHeader, type TarHeader } from "./tar-header.ts";

/** Told of each member in turn: `open`, then `data` until its `size` is reached, then `close`. */
export interface TarSink {
  open(member: TarHeader): void;
  /** A view of the reader's input: not to be kept. */
  data(chunk: Buffer): void;
  close(): void;
}

const LARGEST_META = 1 << 20;
const META_TYPES = new Set(["x", "g", "L", "K"]);
const EMPTY = Buffer.alloc(0);

/**
 * Reads a tar from chunks of any size, synchronously and without copying contents. Understands
 * ustar, pax (`x`, `g`) and GNU long names (`L`, `K`); what other types mean is the sink's decision.
 */
export class TarReader {
  readonly #sink: TarSink;
  #rest: Buffer = EMPTY;
  #remaining = 0;
  #padding = 0;
  #open = false;
  #meta: { readonly type: string; readonly chunks: Buffer[] } | undefined;
  #next: Partial<TarHeader> = {};
  #ended = false;

  constructor(sink: TarSink) {
    this.#sink = sink;
  }

  push(input: Buffer): void {
    let at = this.#rest.length === 0 ? 0 : this.#completeHeader(input);
    while (at < input.length && !this.#ended) {
      if (this.#open) at = this.#content(input, at);
      else if (this.#padding > 0) at = this.#skipPadding(input, at);
      else if (input.length - at >= BLOCK) at = this.#header(input, at);
      else break;
    }
    // The input may be a buffer that its owner writes to again.
    if (at < input.length && !this.#ended) this.#rest = Buffer.from(input.subarray(at));
  }

  /** The last input ended within a header; how much of this one belongs to it. */
  #completeHeader(input: Buffer): number {
    const missing = Math.min(BLOCK - this.#rest.length, input.length);
    const block = Buffer.concat([this.#rest, input.subarray(0, missing)]);
    this.#rest = block.length < BLOCK ? block : EMPTY;
    if (block.length === BLOCK) this.#header(block, 0);
    return missing;
  }

  /** Throws when the archive stopped before its end mark. */
  end(): void {
    if (!this.#ended) throw damaged("the archive ends too early");
  }

  #header(chunk: Buffer, at: number): number {
    const header = readHeader(chunk.subarray(at, at + BLOCK));
    if (header === undefined) this.#ended = true;
    else if (META_TYPES.has(header.type)) this.#startMeta(header);
    else this.#startMember({ ...header, ...this.#next });
    return at + BLOCK;
  }

  #startMeta(header: TarHeader): void {
    if (header.size > LARGEST_META) throw unsafe("a tar header is too large");
    this.#meta = { type: header.type, chunks: [] };
    this.#start(header.size);
  }

  #startMember(member: TarHeader): void {
    this.#next = {};
    this.#sink.open(member);
    this.#start(member.size);
  }

  #start(size: number): void {
    this.#open = true;
    this.#remaining = size;
    this.#padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if (size === 0) this.#finish();
  }

  #content(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#remaining);
    const part = chunk.subarray(at, end);
    if (this.#meta === undefined) this.#sink.data(part);
    else this.#meta.chunks.push(Buffer.from(part));
    this.#remaining -= end - at;
    if (this.#remaining === 0) this.#finish();
    return end;
  }

  #finish(): void {
    this.#open = false;
    const meta = this.#meta;
    this.#meta = undefined;
    if (meta === undefined) this.#sink.close();
    else this.#applyMeta(meta.type, Buffer.concat(meta.chunks));
  }

  /** What a global header (`g`) says is about the archive, never about one member's name. */
  #applyMeta(type: string, content: Buffer): void {
    if (type === "g") return;
    const said = type === "x" ? readPax(content) : longName(type, content);
    this.#next = { ...this.#next, ...said };
  }

  #skipPadding(chunk: Buffer, at: number): number {
    const step = Math.min(this.#padding, chunk.length - at);
    this.#padding -= step;
    return at + step;
  }
}

function longName(type: string, content: Buffer): Partial<TarHeader> {
  const end = content.indexOf(0);
  const text = content.toString("utf8", 0, end === -1 ? content.length : end);
  return type === "L" ? { path: text } : { linkname: text };
}
