import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { fromJson } from "../config/json.ts";
import {
  rpcInternal,
  rpcLineInvalid,
  rpcMethodUnknown,
  rpcRequestInvalid,
} from "../errors/daemon.ts";
import { isExplained } from "../errors/error.ts";
import { RpcError } from "./error.ts";
import { encodeLine, readLines } from "./lines.ts";
import {
  maximumLineLength,
  parseRequest,
  type RequestId,
  type RpcFailure,
  type RpcRequest,
  requestIdOf,
} from "./protocol.ts";

export type RpcMethod = (params: Record<string, unknown>) => unknown;
export type RpcMethods = Readonly<Record<string, RpcMethod>>;

export interface ServeOptions {
  /** Requests of one connection that may be worked on at once, until their answers are out; the rest waits unread. */
  readonly maximumInFlight?: number;
  readonly maximumLineLength?: number;
  /** Told of every failed request, so that it can be logged; holds no parameters. */
  readonly onFailure?: (method: string, error: unknown) => void;
}

/** What is sent for an error: an unexpected one keeps its details to the log. */
function failureOf(error: unknown): RpcFailure {
  const explained = isExplained(error) ? error : rpcInternal(error);
  const { code, remedy } = explained;
  const message = explained.message.slice(0, 65_536);
  const trace = explained instanceof RpcError ? explained.trace : undefined;
  return { code, message, remedy, ...(trace === undefined ? {} : { trace }) };
}

function parseLine(line: string): unknown {
  try {
    return fromJson(line);
  } catch (cause) {
    throw rpcLineInvalid(`${line.length} characters that are not JSON`, cause);
  }
}

class Connection {
  readonly #writable: Writable;
  readonly #methods: RpcMethods;
  readonly #options: ServeOptions;
  readonly #inFlight = new Set<Promise<void>>();

  constructor(writable: Writable, methods: RpcMethods, options: ServeOptions) {
    this.#writable = writable;
    this.#methods = methods;
    this.#options = options;
  }

  async read(readable: Readable): Promise<void> {
    const maximum = this.#options.maximumInFlight ?? 256;
    try {
      for await (const line of readLines(readable, this.#limit)) {
        this.#accept(line);
        if (this.#inFlight.size >= maximum) await Promise.race(this.#inFlight);
        if (this.#writable.writableNeedDrain) await once(this.#writable, "drain");
      }
    } catch (error) {
      // A line that is too long leaves no way to find the next one; a broken pipe nobody to tell.
      if (error instanceof RpcError) void this.#answer(null, { error: failureOf(error) });
    }
    await Promise.allSettled(this.#inFlight);
    this.#writable.end(() => readable.destroy());
  }

  get #limit(): number {
    return this.#options.maximumLineLength ?? maximumLineLength;
  }

  #accept(line: string): void {
    let value: unknown;
    try {
      value = parseLine(line);
      const request = parseRequest(value);
      if (typeof request === "string") throw rpcRequestInvalid(request);
      this.#start(request);
    } catch (error) {
      void this.#answer(requestIdOf(value), { error: failureOf(error) });
    }
  }

  #start(request: RpcRequest): void {
    const work = this.#run(request).finally(() => this.#inFlight.delete(work));
    this.#inFlight.add(work);
  }

  async #run({ id, method, params }: RpcRequest): Promise<void> {
    try {
      const handler = Object.hasOwn(this.#methods, method) ? this.#methods[method] : undefined;
      if (!handler) throw rpcMethodUnknown(method);
      await this.#answer(id, { result: (await handler(params)) ?? null });
    } catch (error) {
      this.#options.onFailure?.(method, error);
      await this.#answer(id, { error: failureOf(error) });
    }
  }

  /** Resolves when the answer has left this process, whatever becomes of it then. Throws if it cannot be sent. */
  #answer(
    id: RequestId | null,
    answer: { result: unknown } | { error: RpcFailure },
  ): Promise<void> {
    if (!this.#writable.writable) return Promise.resolve();
    const limit = "error" in answer ? maximumLineLength : this.#limit;
    const line = encodeLine({ id, ...answer }, limit);
    return new Promise((resolve) => void this.#writable.write(line, () => resolve()));
  }
}

/** Answers the requests that come in on `readable` until it ends and all answers are out. */
export async function serveLines(
  readable: Readable,
  writable: Writable,
  methods: RpcMethods,
  options: ServeOptions = {},
): Promise<void> {
  writable.on("error", () => readable.destroy());
  await new Connection(writable, methods, options).read(readable);
}
