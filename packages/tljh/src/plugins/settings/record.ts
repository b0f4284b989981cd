import type { SettingsDeclaration } from "../../config/settings/declaration.ts";
import { writeFileAtomic } from "../../system/files.ts";
import type { ServerPaths } from "../../system/paths.ts";

export type Declarations = ReadonlyMap<string, SettingsDeclaration>;

/** The content of `state/plugin-settings.json`, the same whatever the order of plugins. */
export function formatPluginSettings(declarations: Declarations): string {
  const plugins = [...declarations].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `${JSON.stringify({ version: 1, plugins: Object.fromEntries(plugins) }, null, 2)}\n`;
}

/** Keeps what plugins declare, so that `tljh-config` knows of it without loading them. */
export async function writePluginSettings(
  { pluginSettings }: Pick<ServerPaths, "pluginSettings">,
  declarations: Declarations,
): Promise<void> {
  await writeFileAtomic(pluginSettings, formatPluginSettings(declarations), { mode: 0o600 });
}
