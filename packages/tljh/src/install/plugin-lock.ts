import {
  type LockedPlugin,
  lockedSource,
  type NpmTree,
  type PluginLock,
  type PluginRequest,
  publicSpec,
  readNpmTree,
  readPythonPlugins,
  readSources,
} from "../plugins/index.ts";
import type { ServerPaths } from "../system/paths.ts";
import type { Installation } from "./installation.ts";

/**
 * The lock of a server as it is: every plugin that is asked for, as it is installed. One that cannot
 * be read, or is not installed, stays locked as it was `before`.
 */
export async function currentLock(
  paths: Pick<ServerPaths, "plugins" | "hub">,
  wanted: Installation,
  before: PluginLock | null,
): Promise<PluginLock> {
  const npm = await readNpmTree(paths.plugins);
  const installed = await installedPlugins(paths, npm);
  const plugins = wanted.plugins.flatMap(({ spec: asked }) => {
    const spec = publicSpec(asked);
    const found = installed.get(spec) ?? before?.plugins.find((plugin) => plugin.spec === spec);
    return found ?? [];
  });
  const { userRequirementsTxtUrl: requirements, channels, disabled = [] } = wanted;
  return {
    version: 1,
    channels: channels.map(publicSpec),
    userRequirementsTxtUrl: requirements && publicSpec(requirements),
    disabled: [...disabled].sort(),
    plugins,
    ...(npm !== null && plugins.some(({ kind }) => kind === "npm") ? { npm } : {}),
  };
}

async function installedPlugins(
  paths: Pick<ServerPaths, "plugins" | "hub">,
  npm: NpmTree | null,
): Promise<ReadonlyMap<string, LockedPlugin>> {
  const found = new Map<string, LockedPlugin>();
  for (const source of await readSources(paths.plugins)) {
    const plugin = await lockedSource(paths.plugins, source, npm).catch(() => null);
    if (plugin && !source.byHand) found.set(plugin.spec, plugin);
  }
  for (const plugin of await readPythonPlugins(paths.hub)) found.set(plugin.spec, plugin);
  return found;
}

/**
 * What a server is asked to hold by a lock. Passwords are no part of a lock: an address that the
 * server knows already is taken as it is known.
 */
export function lockedInstallation(lock: PluginLock, before: Installation | null): Installation {
  const { plugins, disabled, userRequirementsTxtUrl: requirements } = lock;
  const known = [
    ...(before?.plugins.map(({ spec }) => spec) ?? []),
    ...(before?.channels ?? []),
    before?.userRequirementsTxtUrl ?? "",
  ];
  const asKnown = (text: string) => known.find((one) => publicSpec(one) === text) ?? text;
  return {
    version: 1,
    channels: lock.channels.map(asKnown),
    plugins: plugins.map(({ spec, kind }): PluginRequest => ({ spec: asKnown(spec), kind })),
    ...(disabled.length > 0 ? { disabled } : {}),
    userRequirementsTxtUrl: requirements && asKnown(requirements),
  };
}
