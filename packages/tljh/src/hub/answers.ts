import { urlHost } from "./assignments.ts";
import type { ProxyConfiguration } from "./proxy.ts";

/** Where the hub's API answers, as the proxy is running now. */
export function hubUrl({ http, https }: ProxyConfiguration, baseUrl: string): string {
  const { address, port } = https ?? http;
  return `${https ? "https" : "http"}://${urlHost(reachable(address))}:${port}${baseUrl}hub/api`;
}

/** An address by which this machine reaches what listens there; every address includes its own. */
export const reachable = (address: string) =>
  ({ "": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1" })[address] ?? address;

/** The server's own certificate is not checked: it is for a name, and this asks by address. */
export async function httpStatus(url: string): Promise<number | string> {
  const { request } = url.startsWith("https:")
    ? await import("node:https")
    : await import("node:http");
  const { promise, resolve } = Promise.withResolvers<number | string>();
  const options = { rejectUnauthorized: false, timeout: 5000, agent: false as const };
  const asked = request(url, options, (response) => {
    response.resume();
    resolve(response.statusCode ?? "no status");
  });
  asked.on("timeout", () => asked.destroy(new Error("no answer within 5 seconds")));
  asked.on("error", (error) => resolve(error.message || String(error)));
  asked.end();
  return promise;
}
