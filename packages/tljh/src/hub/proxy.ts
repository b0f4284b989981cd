import { access, constants } from "node:fs/promises";
import { toJson } from "../config/json.ts";
import { HUB_PORT } from "../config/rules.ts";
import type { Config } from "../config/schema.ts";
import { letsEncryptUnavailable, tlsFileUnreadable } from "../errors/config.ts";
import { writeFileAtomic } from "../system/files.ts";
import type { ServerPaths } from "../system/paths.ts";

interface Listener {
  /** Empty for every address. */
  readonly address: string;
  readonly port: number;
}

/** `state/proxy.json`: what the proxy is told. Its token is a file of its own. */
export interface ProxyConfiguration {
  readonly version: 1;
  readonly http: Listener;
  readonly https: (Listener & { readonly key: string; readonly cert: string }) | null;
  readonly api: Listener;
  /** Where requests go that no user's server is there for. */
  readonly hub: string;
  readonly baseUrl: string;
}

/** Throws `CONFIG_LETSENCRYPT_UNAVAILABLE`. The configuration is complete: see `loadCompleteConfig`. */
export function proxyConfiguration(config: Config): ProxyConfiguration {
  return {
    version: 1,
    http: { address: config.http.address, port: config.http.port },
    https: config.https.enabled ? secureListener(config.https) : null,
    api: { address: config.traefik_api.ip, port: config.traefik_api.port },
    hub: `http://127.0.0.1:${HUB_PORT}`,
    baseUrl: config.base_url,
  };
}

function secureListener({ address, port, tls }: Config["https"]): ProxyConfiguration["https"] {
  if (!tls.key || !tls.cert) throw letsEncryptUnavailable();
  return { address, port, key: tls.key, cert: tls.cert };
}

/** The text of `state/proxy.json`. */
export const formatProxyConfiguration = (configuration: ProxyConfiguration) =>
  toJson(configuration);

/** Writes `state/proxy.json`, once the certificate's files are known to be readable. */
export async function writeProxyConfig(
  config: Config,
  { proxyConfig }: Pick<ServerPaths, "proxyConfig">,
): Promise<ProxyConfiguration> {
  const configuration = proxyConfiguration(config);
  if (configuration.https) {
    await mustBeReadable("key", configuration.https.key);
    await mustBeReadable("cert", configuration.https.cert);
  }
  await writeFileAtomic(proxyConfig, formatProxyConfiguration(configuration), { mode: 0o600 });
  return configuration;
}

async function mustBeReadable(name: "key" | "cert", path: string): Promise<void> {
  await access(path, constants.R_OK).catch((cause: unknown) => {
    throw tlsFileUnreadable(name, path, cause);
  });
}
