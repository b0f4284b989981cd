/** What is used here of JupyterHub's own proxy, which ships without types. */
declare module "configurable-http-proxy" {
  import type { EventEmitter } from "node:events";
  import type { IncomingMessage, Server, ServerResponse } from "node:http";
  import type { Duplex } from "node:stream";

  export interface Route extends Record<string, unknown> {
    readonly target: string;
  }

  /** What keeps the routes. */
  export interface ProxyStore {
    cleanPath(path: string): string;
    get(path: string): Promise<Route | undefined>;
    getAll(): Promise<Record<string, Route>>;
    getTarget(path: string): Promise<{ prefix: string; data: Route } | undefined>;
    add(path: string, data: Route): Promise<unknown>;
    update(path: string, data: Partial<Route>): void;
    remove(path: string): Promise<Route | undefined>;
  }

  export interface ProxyLog {
    debug(format: string, ...values: unknown[]): void;
    info(format: string, ...values: unknown[]): void;
    warn(format: string, ...values: unknown[]): void;
    error(format: string, ...values: unknown[]): void;
  }

  export interface ProxyOptions {
    readonly log: ProxyLog;
    readonly authToken: string;
    /** Asked for a page when there is no route (404) or no answer (503): `<target>/503?url=…`. */
    readonly errorTarget?: string;
    readonly ssl?: { readonly key: string | Buffer; readonly cert: string | Buffer };
    /** Adds X-Forwarded-For, -Proto, -Port and -Host. */
    readonly xfwd?: boolean;
    readonly prependPath?: boolean;
    readonly includePrefix?: boolean;
  }

  export class ConfigurableProxy extends EventEmitter {
    constructor(options: ProxyOptions);
    _routes: ProxyStore;
    readonly proxyServer: Server;
    readonly apiServer: Server;
    addRoute(path: string, data: Route): Promise<void>;
    _handleProxyErrorDefault(
      code: number,
      kind: "web" | "ws",
      request: IncomingMessage,
      response: ServerResponse | Duplex | undefined,
    ): void;
  }
}
