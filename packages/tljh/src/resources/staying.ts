import { normalName, readDistributions } from "../install/distributions.ts";
import { readSources, unwantedNpmPlugins } from "../plugins/index.ts";
import { goingDistributions } from "./dropped.ts";
import type { ServerContext } from "./resource.ts";

/**
 * Where the plugins that are on the server, and are not about to be taken out, came from: as they were asked for
 * (TypeScript), or the names of their distributions (Python).
 */
export async function stayingPlugins(
  context: Pick<ServerContext, "paths" | "wanted">,
): Promise<ReadonlySet<string>> {
  const { paths, wanted } = context;
  const unwanted = new Set(
    (await unwantedNpmPlugins(wanted.plugins, paths)).map(({ spec }) => spec),
  );
  const sources = (await readSources(paths.plugins)).map(({ spec }) => spec);
  const going = new Set(await goingDistributions(context));
  const distributions = [...(await readDistributions(paths.hub)).values()].map(({ name }) => name);
  return new Set([
    ...sources.filter((spec) => !unwanted.has(spec)),
    ...distributions.filter((name) => !going.has(normalName(name))),
  ]);
}
