import { type Installation, mergeInstallation } from "../install/installation.ts";
import { lockedInstallation } from "../install/plugin-lock.ts";
import { classify, type PluginPins, pinsOf, readLock, requireLock } from "../plugins/index.ts";
import type { ServerPaths } from "../system/paths.ts";
import { recordedInstallation } from "./context.ts";

export interface WantedFlags {
  readonly plugin?: readonly string[];
  readonly channel?: readonly string[];
  readonly userRequirementsTxtUrl?: string;
  /** The path of a lock whose plugins the server is to hold, and no others than those asked for beside it. */
  readonly lock?: string;
}

/** What flags ask for on top of what was asked for before, and as what plugins are installed then. */
export async function wantedByFlags(
  flags: WantedFlags,
  paths: ServerPaths,
): Promise<{ readonly wanted: Installation; readonly pins: PluginPins }> {
  const given = flags.lock === undefined ? null : await requireLock(flags.lock);
  const recorded = await recordedInstallation(paths);
  const plugins = await Promise.all((flags.plugin ?? []).map((spec) => classify(spec)));
  const wanted = mergeInstallation(given ? lockedInstallation(given, recorded) : recorded, {
    channels: flags.channel ?? [],
    plugins,
    userRequirementsTxtUrl: flags.userRequirementsTxtUrl ?? null,
  });
  // Whoever names a folder wants it as it is now.
  const folders = plugins.filter(({ kind }) => kind.startsWith("folder")).map(({ spec }) => spec);
  return { wanted, pins: pinsOf(given ?? (await readLock(paths.pluginLock)), folders) };
}
