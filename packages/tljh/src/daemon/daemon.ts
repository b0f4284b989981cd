import type { Server, Socket } from "node:net";
import { type RpcMethods, serveLines } from "../rpc/index.ts";
import { errorFields, type Log } from "../system/log.ts";
import { listenDaemon } from "./listen.ts";

/** Milliseconds that requests in work get when the daemon is told to end. */
const patience = 20_000;

/** Serves the methods on the socket until `stop`. */
export class Daemon {
  readonly #methods: RpcMethods;
  readonly #log: Log;
  readonly #connections = new Map<Socket, Promise<void>>();
  #server: Server | null = null;

  constructor(methods: RpcMethods, log: Log) {
    this.#methods = methods;
    this.#log = log;
  }

  async start(path: string, environment: NodeJS.ProcessEnv = process.env): Promise<void> {
    this.#server = await listenDaemon(path, (socket) => this.#serve(socket), environment);
    this.#log("info", "listening", { path });
  }

  /** Answers what was asked, takes nothing more, and ends. */
  async stop(): Promise<void> {
    this.#server?.close();
    // The end of the input is what a connection takes for its end; its answers still go out.
    for (const socket of this.#connections.keys()) socket.push(null);
    const done = Promise.allSettled(this.#connections.values());
    const late = new Promise((resolve) => setTimeout(resolve, patience).unref());
    await Promise.race([done, late]);
    for (const socket of this.#connections.keys()) socket.destroy();
  }

  #serve(socket: Socket): void {
    const onFailure = (method: string, error: unknown): void =>
      this.#log("error", "a request failed", { method, ...errorFields(error) });
    const served = serveLines(socket, socket, this.#methods, { onFailure })
      .catch((error: unknown) => this.#log("error", "a connection failed", errorFields(error)))
      .finally(() => this.#connections.delete(socket));
    this.#connections.set(socket, served);
  }
}
