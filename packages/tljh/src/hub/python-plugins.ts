import type { Config } from "../config/schema.ts";
import { readPluginSections } from "../config/settings/sections.ts";
import { settingsValues } from "../config/settings/values.ts";
import { readDisabled } from "../plugins/disabled.ts";
import type { ServerPaths } from "../system/paths.ts";

/** What JupyterHub needs to know in order to call Python plugins by itself. */
export interface ForPythonPlugins {
  /** Names of plugins that take no part. */
  readonly disabled: readonly string[];
  /** What each plugin's hooks are given as `settings`. */
  readonly settings: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Seconds by hook. */
  readonly timeouts: Readonly<Record<string, number>>;
}

export async function forPythonPlugins(
  paths: Pick<ServerPaths, "installation" | "pluginSettings">,
  effective: Config,
): Promise<ForPythonPlugins> {
  const sections = await readPluginSections(paths.pluginSettings);
  const settings = Array.from(sections.values(), (declared) => {
    const { values } = settingsValues(declared, effective[declared.section]);
    return [declared.plugin, values] as const;
  });
  return {
    disabled: await readDisabled(paths.installation),
    settings: Object.fromEntries(settings),
    timeouts: effective.plugins.hook_timeout,
  };
}
