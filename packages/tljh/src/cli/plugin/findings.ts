import type { Installation } from "../../install/installation.ts";
import { readInventory } from "../../install/plugins/inventory.ts";
import { type Findings, type PluginView, viewPlugins } from "../../install/plugins/view.ts";
import { type LoadedPlugins, loadPlugins, readLedger, readReports } from "../../plugins/index.ts";
import type { ServerPaths } from "../../system/paths.ts";
import { recordedInstallation } from "../context.ts";

/** So long one plugin may take to be loaded when it is only to be shown. */
const SECONDS = 10;

/**
 * What can be found out about the plugins of a server. What only root may read is left out for others, and
 * so is what cannot be read: a list is for whoever looks for the fault.
 */
export async function findPlugins(paths: ServerPaths): Promise<PluginView[]> {
  const recorded = await orNull(recordedInstallation(paths));
  return viewPlugins({
    inventory: await readInventory(paths, recorded?.plugins ?? []),
    loaded: await loadToShow(paths, recorded),
    disabled: recorded?.disabled ?? [],
    ledger: await orNull(readLedger(paths.contributions)),
    reports: (await orNull(readReports(paths.pluginReports))) ?? [],
  });
}

async function loadToShow(
  paths: ServerPaths,
  recorded: Installation | null,
): Promise<Findings["loaded"]> {
  const disabled = recorded?.disabled ?? [];
  const loaded: LoadedPlugins | null = await orNull(
    loadPlugins({ paths, disabled, loadLimit: SECONDS, onLine: () => {} }),
  );
  await loaded?.close();
  return loaded;
}

const orNull = <Value>(promise: Promise<Value>): Promise<Value | null> => promise.catch(() => null);
