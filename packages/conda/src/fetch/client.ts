import { readFileSync } from "node:fs";
import { getCACertificates } from "node:tls";
import type { Dispatcher } from "undici";
import { certificatesUnreadable } from "./messages.ts";

export interface HttpClientOptions {
  /** Connections at the same time to one server. */
  readonly connections?: number;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

const CONNECT_TIMEOUT = 20_000;
const IDLE_TIMEOUT = 60_000;
const MOST_REDIRECTS = 10;
const CA_VARIABLES = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"];

/** Connections that are made when they are first needed: `file:` channels never do. */
export interface HttpClient {
  dispatcher(): Promise<Dispatcher>;
  close(): Promise<void>;
}

/**
 * An HTTP client as a server behind a firewall needs it: `http_proxy`, `https_proxy` and `no_proxy`,
 * and the organisation's own certificates, from the variables that Python's tools read or from the
 * system's store.
 */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  let made: Promise<Dispatcher> | undefined;
  return {
    dispatcher() {
      made ??= createDispatcher(options);
      return made;
    },
    async close() {
      await (await made?.catch(() => undefined))?.destroy();
    },
  };
}

async function createDispatcher(options: HttpClientOptions): Promise<Dispatcher> {
  // It takes a tenth of a second to load, which commands that fetch nothing do without.
  const { EnvHttpProxyAgent, interceptors } = await import("undici");
  const environment = options.environment ?? process.env;
  const tls = { ca: certificates(environment), timeout: CONNECT_TIMEOUT };
  const proxy = (name: string) => environment[name] ?? environment[name.toUpperCase()] ?? "";
  const proxyUrl = (name: string) => proxy(name).replace(/^(?!\w+:\/\/)(?=.)/, "http://");
  const agent = new EnvHttpProxyAgent({
    httpProxy: proxyUrl("http_proxy"),
    httpsProxy: proxyUrl("https_proxy"),
    noProxy: proxy("no_proxy"),
    // Many proxies allow CONNECT for https only.
    proxyTunnel: false,
    connections: options.connections ?? 16,
    connect: tls,
    requestTls: tls,
    proxyTls: tls,
    headersTimeout: IDLE_TIMEOUT,
    bodyTimeout: IDLE_TIMEOUT,
  });
  return agent.compose(interceptors.redirect({ maxRedirections: MOST_REDIRECTS }));
}

/** Node's own roots and the system's, and those of the first variable that is set. */
function certificates(environment: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set([...getCACertificates("default"), ...getCACertificates("system")]);
  const variable = CA_VARIABLES.find((name) => environment[name]);
  const file = variable === undefined ? undefined : environment[variable];
  if (variable !== undefined && file !== undefined) known.add(readCertificates(variable, file));
  return [...known];
}

function readCertificates(variable: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw certificatesUnreadable(variable, file, error);
  }
}
