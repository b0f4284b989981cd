import { hostname, networkInterfaces } from "node:os";
import { loadConfig } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import { urlHost } from "../hub/assignments.ts";
import type { ServerPaths } from "../system/paths.ts";

/** Where a browser finds the hub, as far as this machine can know. */
export async function serverAddress(paths: ServerPaths): Promise<string> {
  const { effective } = await loadConfig(paths.configFile);
  return addressOf(effective, outwardAddress());
}

/** The configured domain or address; where the hub listens at every address, the one given. */
export function addressOf(
  { http, https, base_url }: Pick<Config, "http" | "https" | "base_url">,
  outward: string,
): string {
  const { address, port } = https.enabled ? https : http;
  const [scheme, standard] = https.enabled ? ["https", 443] : ["http", 80];
  const listens = ["", "0.0.0.0", "::"].includes(address) ? outward : address;
  const host = https.letsencrypt.domains[0] ?? urlHost(listens);
  return `${scheme}://${host}${port === standard ? "" : `:${port}`}${base_url}`;
}

function outwardAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? hostname();
}
