import type { Readable } from "node:stream";
import { toJsonLine } from "../config/json.ts";
import { rpcLineInvalid, rpcLineTooLong } from "../errors/daemon.ts";
import { maximumLineLength } from "./protocol.ts";

const newline = 0x0a;

/** Collects chunks into lines; never holds more than `limit` bytes plus one chunk. */
export class LineSplitter {
  #parts: Buffer[] = [];
  #length = 0;
  readonly #limit: number;

  constructor(limit: number = maximumLineLength) {
    this.#limit = limit;
  }

  /** The lines that this chunk completes. Throws `RPC_LINE_TOO_LONG`. */
  *push(chunk: Buffer): Generator<string> {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.#add(chunk.subarray(start, end));
      start = end + 1;
      yield this.#take();
    }
    this.#add(chunk.subarray(start));
  }

  #add(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > this.#limit) throw rpcLineTooLong(this.#limit);
    if (part.length > 0) this.#parts.push(part);
  }

  #take(): string {
    const line = Buffer.concat(this.#parts, this.#length);
    this.#parts = [];
    this.#length = 0;
    return line.toString("utf8");
  }
}

/** The lines of a stream, read no faster than they are consumed. An unfinished last line is dropped. */
export async function* readLines(
  stream: Readable,
  limit: number = maximumLineLength,
): AsyncGenerator<string> {
  const splitter = new LineSplitter(limit);
  // The stream is left whole, since the other direction of a socket may still be written to.
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    yield* splitter.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
  }
}

/** A message as one line. Throws when it cannot be JSON or is longer than the other side accepts. */
export function encodeLine(message: unknown, limit: number = maximumLineLength): string {
  let line: string;
  try {
    line = toJsonLine(message);
  } catch (cause) {
    throw rpcLineInvalid(cause instanceof Error ? cause.message : String(cause), cause);
  }
  if (Buffer.byteLength(line) > limit) throw rpcLineTooLong(limit);
  return `${line}\n`;
}
