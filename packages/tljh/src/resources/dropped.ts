import { droppedDistributions, readPipRecord } from "../install/pip.ts";
import { readBrought } from "../install/pip-brought.ts";
import { readLedger } from "../plugins/index.ts";
import { readTextOrNull } from "../system/files.ts";
import { formerPlugins } from "./contributed.ts";
import type { Former } from "./environment-differences.ts";
import type { ServerContext } from "./resource.ts";

/** What pip was asked for in an environment and is not among `wanted`, with the plugins that were behind it. */
export async function droppedEntries(
  prefix: string,
  wanted: ReadonlySet<string>,
  former: ReadonlyMap<string, string>,
): Promise<Former> {
  const entries = Object.keys(await readPipRecord(prefix)).filter((entry) => !wanted.has(entry));
  return new Map(entries.map((entry) => [entry, former.get(entry) ?? ""]));
}

/** Python plugins that are asked for no longer: what pip was asked for, and no plugin's contribution. */
export async function droppedPlugins({
  paths,
  wanted,
}: Pick<ServerContext, "paths" | "wanted">): Promise<Former> {
  // On a server from before there was a ledger it cannot be told what a plugin has contributed.
  const hasLedger = (await readTextOrNull(paths.contributions)) !== null;
  if (!hasLedger && Object.keys(await readBrought(paths.hub)).length === 0) return new Map();
  const contributed = formerPlugins(await readLedger(paths.contributions)).list("hubPipPackages");
  const standing = [...wanted.plugins.map(({ spec }) => spec), ...contributed.keys()];
  return droppedEntries(paths.hub, new Set(standing), new Map());
}

/** The distributions of Python plugins that are about to be taken out, by their normalised names. */
export async function goingDistributions(
  context: Pick<ServerContext, "paths" | "wanted">,
): Promise<readonly string[]> {
  const dropped = [...(await droppedPlugins(context)).keys()];
  return droppedDistributions(context.paths.hub, { wanted: [], dropped });
}
