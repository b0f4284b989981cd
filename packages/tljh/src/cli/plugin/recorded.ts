import { notInstalled } from "../../errors/plugin-commands.ts";
import type { Installation } from "../../install/installation.ts";
import { type PluginPackage, readInventory } from "../../install/plugins/inventory.ts";
import { checkRoot } from "../../install/preflight.ts";
import { type PluginPins, pinsOf, readLock } from "../../plugins/index.ts";
import { type ServerPaths, serverPaths } from "../../system/paths.ts";
import { recordedInstallation } from "../context.ts";

/** A server whose plugins are to be changed, as it was asked for. */
export interface RecordedServer {
  readonly paths: ServerPaths;
  readonly wanted: Installation;
  readonly pins: PluginPins;
  readonly inventory: readonly PluginPackage[];
}

/** Refuses whoever is not root, and where nothing is installed. */
export async function recordedServer(command: string): Promise<RecordedServer> {
  checkRoot(command);
  const paths = serverPaths();
  const installation = await recordedInstallation(paths);
  if (installation === null) throw notInstalled(paths.prefix);
  const pins = pinsOf(await readLock(paths.pluginLock));
  const inventory = await readInventory(paths, installation.plugins);
  return { paths, wanted: installation, pins, inventory };
}
