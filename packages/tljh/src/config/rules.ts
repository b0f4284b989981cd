import {
  certificateAmbiguous,
  certificateMissing,
  letsEncryptIncomplete,
  memoryTiny,
  portTwice,
  tlsIncomplete,
  tlsPathRelative,
} from "../errors/config.ts";
import type { Problem } from "./problem.ts";
import type { Config } from "./schema.ts";

/** The port between hub and proxy. */
export const HUB_PORT = 15001;

const LEAST_MEMORY = 64 * 1024 * 1024;

type Rule = (config: Config) => readonly Problem[];

/**
 * What keys of a valid configuration still lack together. Keys are set one after the other, so an edit
 * may leave gaps; the hub and the proxy are not reloaded before they are closed.
 */
export function findGaps(config: Config): Problem[] {
  return rules.flatMap((rule) => rule(config));
}

const needsCertificate: Rule = ({ https: { enabled, tls, letsencrypt } }) => {
  const named = tls.key || tls.cert || letsencrypt.email || letsencrypt.domains.length > 0;
  return enabled && !named ? [certificateMissing()] : [];
};

const keyWithCertificate: Rule = ({ https: { tls } }) => {
  if (tls.key && !tls.cert) return [tlsIncomplete("key", "cert")];
  if (tls.cert && !tls.key) return [tlsIncomplete("cert", "key")];
  return [];
};

const wholePaths: Rule = ({ https: { tls } }) =>
  (["key", "cert"] as const).flatMap((name) =>
    tls[name] && !tls[name].startsWith("/") ? [tlsPathRelative(name, tls[name])] : [],
  );

const emailWithDomains: Rule = ({ https: { letsencrypt } }) => {
  const { email, domains } = letsencrypt;
  if (email && domains.length === 0) return [letsEncryptIncomplete("domains")];
  if (!email && domains.length > 0) return [letsEncryptIncomplete("email")];
  return [];
};

const oneCertificate: Rule = ({ https: { tls, letsencrypt } }) =>
  tls.key && tls.cert && letsencrypt.email ? [certificateAmbiguous()] : [];

const distinctPorts: Rule = ({ http, https, traefik_api }) => {
  const taken = new Map([[HUB_PORT, "the hub itself"]]);
  const ports: [string, number][] = [["http", http.port]];
  if (https.enabled) ports.push(["https", https.port]);
  ports.push(["traefik_api", traefik_api.port]);
  return ports.flatMap(([section, port]) => {
    const other = taken.get(port);
    taken.set(port, `${section}.port`);
    return other ? [portTwice([section, "port"], port, other)] : [];
  });
};

const enoughMemory: Rule = ({ limits: { memory } }) => {
  if (memory === null) return [];
  const bytes = bytesOf(memory);
  return bytes < LEAST_MEMORY ? [memoryTiny(["limits", "memory"], bytes, "64M")] : [];
};

const rules: readonly Rule[] = [
  needsCertificate,
  keyWithCertificate,
  wholePaths,
  emailWithDomains,
  oneCertificate,
  distinctPorts,
  enoughMemory,
];

/** Bytes of a normalised `limits.memory`; units are powers of 1024, as JupyterHub's are. */
function bytesOf(memory: number | string): number {
  if (typeof memory === "number") return memory;
  const power = "KMGT".indexOf(memory.at(-1) ?? "") + 1;
  return Math.floor(Number.parseFloat(memory) * 1024 ** power);
}
