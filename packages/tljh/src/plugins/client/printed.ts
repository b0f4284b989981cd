import type { Readable } from "node:stream";

const LONGEST_LINE = 10_000;
const MOST_CHARACTERS = 2_000_000;
const KEPT_LINES = 10;

/**
 * What plugins print, line by line, in bounded memory: endless lines are cut, and of what is printed during one
 * request no more than two million characters are passed on.
 */
export class Printed {
  readonly #pass: (line: string) => void;
  readonly #begun = new Map<Readable, string>();
  #last: string[] = [];
  #before: readonly string[] = [];
  #left = MOST_CHARACTERS;

  constructor(pass: (line: string) => void = () => {}) {
    this.#pass = pass;
  }

  /** Reads a stream to its end. */
  follow(stream: Readable): void {
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => this.#take(stream, chunk));
    stream.on("error", () => {});
    stream.on("end", () => this.#flush(stream));
  }

  /**
   * Another request begins: what was printed before it is not its own. The first that a request printed which was
   * waiting in the process may have come before the answer to the one before.
   */
  begin(wasWaiting = false): void {
    this.#before = wasWaiting ? this.#last : [];
    this.#last = [];
    this.#left = MOST_CHARACTERS;
  }

  /** The last lines of this request, those not yet ended too. */
  last(): readonly string[] {
    const own = [...this.#last, ...this.#begun.values()].filter(isText);
    const lines = own.length > 0 ? own : this.#before.filter(isText);
    return lines.slice(-KEPT_LINES).map(cut);
  }

  #take(stream: Readable, chunk: string): void {
    const lines = `${this.#begun.get(stream) ?? ""}${chunk}`.split("\n");
    const begun = lines.pop() ?? "";
    for (const line of lines) this.#hear(line);
    this.#begun.set(stream, begun);
    if (begun.length > LONGEST_LINE) this.#flush(stream);
  }

  #flush(stream: Readable): void {
    const begun = this.#begun.get(stream) ?? "";
    this.#begun.delete(stream);
    if (begun !== "") this.#hear(begun);
  }

  #hear(text: string): void {
    const line = text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text;
    this.#last.push(line);
    if (this.#last.length > KEPT_LINES) this.#last.shift();
    if (this.#left <= 0) return;
    this.#left -= line.length + 1;
    this.#pass(this.#left > 0 ? line : "… (a plugin prints too much: the rest is left out)");
  }
}

const isText = (line: string) => line.trim() !== "";

const cut = (line: string) => (line.length > 300 ? `${line.slice(0, 300)}…` : line);
