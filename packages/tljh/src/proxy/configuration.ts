import { readFile } from "node:fs/promises";
import { z } from "zod";
import { proxyConfigUnreadable } from "../errors/proxy.ts";

const port = z.int().min(1).max(65535);
const endpoint = z.object({ address: z.string().default(""), port });

const schema = z.object({
  version: z.literal(1),
  http: endpoint,
  https: endpoint.extend({ key: z.string().min(1), cert: z.string().min(1) }).nullable(),
  api: endpoint,
  hub: z.url({ protocol: /^https?$/ }),
  baseUrl: z.string().startsWith("/").default("/"),
});

/** What `state/proxy.json` says. An empty address stands for all. */
export type ProxyConfiguration = z.infer<typeof schema>;
export type Endpoint = z.infer<typeof endpoint>;

/** Reads proxy.json. Throws `PROXY_CONFIG_UNREADABLE`. */
export async function readConfiguration(file: string): Promise<ProxyConfiguration> {
  const value = await readJson(file);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw proxyConfigUnreadable(file, problems.join("; "));
}

/** The token of the proxy's API, which hub and proxy share. */
export async function readSecret(file: string): Promise<string> {
  const secret = (await readText(file)).trim();
  if (secret === "") throw proxyConfigUnreadable(file, "it is empty");
  return secret;
}

async function readJson(file: string): Promise<unknown> {
  const text = await readText(file);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw proxyConfigUnreadable(file, cause instanceof Error ? cause.message : "", cause);
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw proxyConfigUnreadable(file, cause instanceof Error ? cause.message : "", cause);
  }
}
