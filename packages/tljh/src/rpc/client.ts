import { connect } from "node:net";
import type { Readable, Writable } from "node:stream";
import { fromJson } from "../config/json.ts";
import { rpcClosed, rpcLineInvalid, rpcTimeout, rpcUnreachable } from "../errors/daemon.ts";
import { RpcError } from "./error.ts";
import { encodeLine, readLines } from "./lines.ts";
import { maximumLineLength, parseAnswer } from "./protocol.ts";

export interface CallOptions {
  /** Milliseconds until the call fails with `RPC_TIMEOUT`; without it the call waits for ever. */
  readonly timeout?: number;
}

export interface LinesClientOptions {
  /** A line that is no answer, such as what a library of the other side printed. Ignored by default. */
  readonly onStrayLine?: (line: string) => void;
  readonly maximumLineLength?: number;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Calls methods of the other side of a pair of streams. Any number may be in flight. */
export class LinesClient {
  readonly #writable: Writable;
  readonly #options: LinesClientOptions;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #closed: unknown;

  /** Settles when the connection has ended, whichever side ended it. */
  readonly ended: Promise<void>;

  constructor(readable: Readable, writable: Writable, options: LinesClientOptions = {}) {
    this.#writable = writable;
    this.#options = options;
    writable.on("error", (cause) => this.#end(rpcClosed(cause)));
    this.ended = this.#read(readable);
  }

  /** Rejects with `RpcError`: what the other side answered, or `RPC_TIMEOUT`, `RPC_CLOSED`. */
  call<T = unknown>(
    method: string,
    params: Readonly<Record<string, unknown>> = {},
    options: CallOptions = {},
  ): Promise<T> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    const id = this.#nextId++;
    let line: string;
    try {
      line = encodeLine({ id, method, params }, this.#options.maximumLineLength);
    } catch (error) {
      return Promise.reject(error);
    }
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    const timer = this.#limit(id, method, options.timeout);
    this.#writable.write(line);
    return answer.finally(() => clearTimeout(timer)) as Promise<T>;
  }

  /** Why nothing can be called any more, which calls in flight were rejected with; undefined while it can. */
  get closed(): unknown {
    return this.#closed;
  }

  /** Ends the connection; calls in flight fail with `RPC_CLOSED`. */
  close(): void {
    this.#end(rpcClosed());
    this.#writable.end();
  }

  #limit(id: number, method: string, timeout: number | undefined): NodeJS.Timeout | undefined {
    if (timeout === undefined) return undefined;
    return setTimeout(() => {
      this.#waiting.get(id)?.reject(rpcTimeout(method, timeout));
      this.#waiting.delete(id);
    }, timeout);
  }

  async #read(readable: Readable): Promise<void> {
    try {
      const limit = this.#options.maximumLineLength ?? maximumLineLength;
      for await (const line of readLines(readable, limit)) this.#take(line);
      this.#end(rpcClosed());
    } catch (error) {
      this.#end(error instanceof RpcError ? error : rpcClosed(error));
      this.#writable.end();
      readable.destroy();
    }
  }

  #take(line: string): void {
    let value: unknown;
    try {
      value = fromJson(line);
    } catch (cause) {
      // A garbled object was an answer: whoever waits for it would wait for ever.
      if (line.startsWith("{")) throw rpcLineInvalid(line.slice(0, 200), cause);
    }
    const answer = parseAnswer(value);
    if (answer === null) {
      this.#options.onStrayLine?.(line);
    } else if (answer.id === null && "error" in answer) {
      throw RpcError.from(answer.error);
    } else {
      this.#settle(Number(answer.id), answer);
    }
  }

  #settle(id: number, answer: NonNullable<ReturnType<typeof parseAnswer>>): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if ("error" in answer) waiting?.reject(RpcError.from(answer.error));
    else waiting?.resolve(answer.result);
  }

  #end(error: unknown): void {
    this.#closed ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}

/** A client of the server that listens on a unix socket. Rejects with `RPC_UNREACHABLE`. */
export function connectLines(path: string, options: LinesClientOptions = {}): Promise<LinesClient> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const fail = (cause: Error): void => reject(rpcUnreachable(path, cause));
    socket.once("error", fail);
    socket.once("connect", () => {
      socket.off("error", fail);
      resolve(new LinesClient(socket, socket, options));
    });
  });
}
