import type { IncomingMessage, Server } from "node:http";
import { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { format } from "node:util";
import { ConfigurableProxy, type ProxyLog, type ProxyOptions } from "configurable-http-proxy";
import type { Log, LogLevel } from "../system/log.ts";
import type { ProxyConfiguration } from "./configuration.ts";
import { errorPage } from "./error-page.ts";
import { listen } from "./listen.ts";
import { redirectServer } from "./redirect.ts";
import type { RouteStore } from "./routes.ts";
import type { TlsMaterial } from "./tls.ts";

export interface ProxyParts {
  readonly configuration: ProxyConfiguration;
  /** Token of the API by which the hub sets routes. */
  readonly secret: string;
  readonly routes: RouteStore;
  /** Null for plain http. */
  readonly tls: TlsMaterial | null;
  readonly log: Log;
}

/** JupyterHub's proxy, with pages of its own for when the hub cannot make them. */
class HubProxy extends ConfigurableProxy {
  override _handleProxyErrorDefault(
    code: number,
    kind: "web" | "ws",
    request: IncomingMessage,
    response: ServerResponse | Duplex | undefined,
  ): void {
    if (!(response instanceof ServerResponse) || response.headersSent || response.writableEnded) {
      super._handleProxyErrorDefault(code, kind, request, response);
      return;
    }
    const { contentType, body } = errorPage(code, request.headers.accept, request.method);
    response.writeHead(code, {
      "content-type": contentType,
      "cache-control": "no-store",
      ...(code === 503 ? { "retry-after": "5" } : {}),
    });
    response.end(body);
  }
}

function proxyLog(log: Log): ProxyLog {
  const at =
    (level: LogLevel) =>
    (text: string, ...values: unknown[]) =>
      log(level, format(text, ...values));
  return { debug: () => {}, info: at("info"), warn: at("warn"), error: at("error") };
}

function proxyOptions({ configuration, secret, tls, log }: ProxyParts): ProxyOptions {
  const { hub, baseUrl } = configuration;
  return {
    log: proxyLog(log),
    authToken: secret,
    // The hub's own pages, in its own style, where there is a hub.
    errorTarget: new URL(`${baseUrl.replace(/\/*$/, "/")}hub/error/`, hub).href,
    xfwd: true,
    prependPath: true,
    includePrefix: true,
    ...(tls ? { ssl: tls } : {}),
  };
}

/** Milliseconds that requests in work get when the proxy is told to end. */
const patience = 3_000;

/** A running proxy: the address people use, the hub's API, and with TLS the way from http to https. */
export class WebProxy {
  readonly #servers: readonly Server[];
  readonly #routes: RouteStore;

  private constructor(servers: readonly Server[], routes: RouteStore) {
    this.#servers = servers;
    this.#routes = routes;
  }

  static async start(parts: ProxyParts): Promise<WebProxy> {
    const { configuration, routes, log } = parts;
    const proxy = new HubProxy(proxyOptions(parts));
    proxy._routes = routes;
    // An upload may take longer than Node's five minutes; its headers may not (60 s).
    proxy.proxyServer.requestTimeout = 0;
    await ensureHubRoute(proxy, routes, configuration.hub);
    const { http, https, api } = configuration;
    const isSecure = parts.tls !== null && https !== null;
    const servers = isSecure
      ? [proxy.apiServer, proxy.proxyServer, redirectServer(https.port)]
      : [proxy.apiServer, proxy.proxyServer];
    const endpoints = isSecure ? [api, https, http] : [api, http];
    const started = new WebProxy(servers, routes);
    try {
      for (const [index, server] of servers.entries()) {
        await listen(server, endpoints[index] ?? api);
      }
    } catch (error) {
      await started.stop();
      throw error;
    }
    const ports = endpoints.map(({ port }) => port).join(",");
    log("info", "listening", { ports, https: isSecure });
    return started;
  }

  /** Takes nothing more, gives requests in work some seconds, and keeps the last routes. */
  async stop(): Promise<void> {
    const ended = this.#servers.map(
      (server) => new Promise<void>((resolve) => server.close(() => resolve())),
    );
    for (const server of this.#servers) server.closeIdleConnections();
    const late = new Promise((resolve) => setTimeout(resolve, patience).unref());
    await Promise.race([Promise.all(ended), late]);
    for (const server of this.#servers) server.closeAllConnections();
    await this.#routes.save();
  }
}

/** Everything without a route goes to the hub; a route that the hub made itself is kept. */
async function ensureHubRoute(
  proxy: ConfigurableProxy,
  routes: RouteStore,
  hub: string,
): Promise<void> {
  const route = await routes.get("/");
  if (route?.target !== hub) await proxy.addRoute("/", { target: hub });
}
