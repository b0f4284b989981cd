import { hostname, networkInterfaces } from "node:os";
import { loadConfig } from "../config/load.ts";
import type { ServerPaths } from "../system/paths.ts";

/** Where a browser finds the hub: the configured domain, else this machine's first outward address. */
export async function serverAddress(paths: ServerPaths): Promise<string> {
  const { effective } = await loadConfig(paths.configFile);
  const { http, https, base_url } = effective;
  const scheme = https.enabled ? "https" : "http";
  const port = https.enabled ? https.port : http.port;
  const standard = port === (https.enabled ? 443 : 80);
  const host = https.letsencrypt.domains[0] ?? (http.address || outwardAddress());
  return `${scheme}://${host}${standard ? "" : `:${port}`}${base_url}`;
}

function outwardAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? hostname();
}
