import { normalName } from "../install/distributions.ts";
import { readPipRecord } from "../install/pip.ts";
import { type PythonWish, pythonChanges, pythonRequests } from "../install/python-plugins/index.ts";
import { noPins } from "../plugins/index.ts";
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

/** What the server is asked to hold of plugins in Python. */
export const pythonWish = ({
  wanted,
  pins,
}: Pick<ServerContext, "wanted" | "pins">): PythonWish => ({
  requests: pythonRequests(wanted.plugins),
  pins,
});

/** The distributions that are about to go with Python plugins which nobody asks for any more. */
export async function goingDistributions(
  context: Pick<ServerContext, "paths" | "wanted">,
): Promise<readonly string[]> {
  const { going } = await pythonChanges(
    context.paths.hub,
    pythonWish({ ...context, pins: noPins }),
  );
  return going.map(({ name }) => normalName(name));
}
