import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  exchange,
  installNpmPlugins,
  missingNpmPlugins,
  type PluginRequest,
  type PluginSource,
  removeNpmPlugins,
  unwantedNpmPlugins,
} from "../plugins/index.ts";
import { tellFailures } from "./asking.ts";
import { resource, type ServerContext } from "./resource.ts";

interface Found {
  readonly missing: readonly PluginRequest[];
  readonly unwanted: readonly PluginSource[];
}

/** Plugins written in TypeScript or JavaScript; Python ones are packages of the hub environment. */
export const npmPlugins = resource<Found>({
  id: "npm-plugins",
  title: "Plugins in TypeScript",
  read: async ({ paths, wanted, pins }) => {
    const requests = wanted.plugins.filter(({ kind }) => kind === "npm" || kind === "folder-npm");
    return {
      missing: await missingNpmPlugins(requests, paths, pins),
      unwanted: await unwantedNpmPlugins(requests, paths),
    };
  },
  compare: ({ missing, unwanted }) => [
    ...unwanted.map(({ spec }) => ({ action: "remove" as const, what: spec })),
    ...missing.map(({ spec }) => ({ action: "add" as const, what: spec, because: "--plugin" })),
  ],
  async change({ missing, unwanted }, context) {
    const onLine = (line: string) => context.emit({ type: "output", command: "npm", line });
    const undo = await keepBefore(context);
    try {
      if (unwanted.length > 0) await removeNpmPlugins(unwanted, context.paths, onLine);
      await install(missing, context, onLine);
    } catch (error) {
      await undo();
      throw error;
    }
    await context.forgetPlugins();
    return undo;
  },
});

/** All at once, or one by one where that fails and is to end nothing. */
async function install(
  missing: readonly PluginRequest[],
  context: ServerContext,
  onLine: (line: string) => void,
): Promise<void> {
  if (missing.length === 0) return;
  try {
    await installNpmPlugins(missing, context.paths, onLine, context.pins);
  } catch (error) {
    if (!context.skipFailing) throw error;
    for (const one of missing)
      await installNpmPlugins([one], context.paths, onLine, context.pins).catch((reason: unknown) =>
        tellFailures([{ plugin: one.spec, hook: null, error: reason }], context),
      );
  }
}

/** A copy of the plugins as they are now; gives back how it takes their place again. */
async function keepBefore(context: ServerContext): Promise<() => Promise<void>> {
  const { plugins, snapshots } = context.paths;
  const before = join(snapshots, "plugins");
  await rm(before, { recursive: true, force: true });
  await cp(plugins, before, {
    recursive: true,
    verbatimSymlinks: true,
    // Services that were started after these files stay up to date when they come back.
    preserveTimestamps: true,
  });
  return async () => {
    await context.forgetPlugins();
    await exchange(before, plugins);
  };
}
