import { readDistributions } from "../install/distributions.ts";
import { readSources, unwantedNpmPlugins } from "../plugins/index.ts";
import type { ServerContext } from "./resource.ts";

/**
 * Where the plugins that are on the server, and are not about to be taken out, came from: as they were asked for
 * (TypeScript), or the names of their distributions (Python).
 */
export async function stayingPlugins({
  paths,
  wanted,
}: Pick<ServerContext, "paths" | "wanted">): Promise<ReadonlySet<string>> {
  const going = new Set((await unwantedNpmPlugins(wanted.plugins, paths)).map(({ spec }) => spec));
  const sources = (await readSources(paths.plugins)).map(({ spec }) => spec);
  const distributions = [...(await readDistributions(paths.hub)).values()];
  const staying = sources.filter((spec) => !going.has(spec));
  return new Set([...staying, ...distributions.map(({ name }) => name)]);
}
