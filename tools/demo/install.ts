import { existsSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { type RunResult, type Server, serveChannel } from "../server/index.ts";
import type { Ingredients } from "./ingredients.ts";

/** Where the release stands on the server, as an admin would have unpacked it. */
export const RELEASE_PATH = "/root/tljh";

/** How the server reaches what stands in for conda-forge and PyPI. */
export interface Sources {
  readonly channel: string;
  readonly index: string;
}

/** Boots a server that was made from the base and serves the forged channel to it. */
export async function bootWithSources(
  server: Server,
  { forged }: Pick<Ingredients, "forged">,
): Promise<Sources> {
  await server.boot({ apt: forged.apt });
  const { url } = await serveChannel(server, forged.directory);
  const path = (folder: string): string => folder.slice(forged.directory.length);
  const sources = {
    channel: url + path(forged.channel),
    index: `${url}${path(forged.pypi)}/simple/`,
  };
  await server.writeFile("/etc/pip.conf", `[global]\nindex-url = ${sources.index}\n`);
  return sources;
}

/** Copies the release in. */
export async function copyRelease(server: Server, release: string): Promise<void> {
  await server.must(["rm", "-rf", RELEASE_PATH]);
  await server.copyIn(release, RELEASE_PATH);
}

/** A plugin's folder is copied in and named by its place there; any other spec is left as it is. */
export async function copyPlugin(server: Server, spec: string): Promise<string> {
  const isFolder = existsSync(spec) && statSync(spec).isDirectory();
  if (!isFolder) return spec;
  const path = `/root/plugins/${basename(resolve(spec))}`;
  await server.copyIn(spec, path);
  return path;
}

export interface InstallRequest {
  readonly sources: Sources;
  /** `name:password`, or names alone. */
  readonly admins: readonly string[];
  /** Specs that the server understands; see `copyPlugin`. */
  readonly plugins?: readonly string[];
  readonly extra?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
}

/** Runs `tljh install` on a server into which the release was copied; gives back how it ended. */
export async function runInstall(server: Server, request: InstallRequest): Promise<RunResult> {
  const argv = [`${RELEASE_PATH}/bin/tljh`, "install", "--channel", request.sources.channel];
  for (const admin of request.admins) argv.push("--admin", admin);
  for (const plugin of request.plugins ?? []) argv.push("--plugin", plugin);
  return server.run([...argv, ...(request.extra ?? [])], {
    env: { PIP_INDEX_URL: request.sources.index, ...request.env },
    ...(request.onLine ? { onLine: request.onLine } : {}),
  });
}
