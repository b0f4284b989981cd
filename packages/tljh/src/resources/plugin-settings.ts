import { loadConfig, requireSettings } from "../config/load.ts";
import { readPluginSections, sectionsOf } from "../config/settings/sections.ts";
import { isExplained } from "../errors/error.ts";
import { type LoadedPlugins, requireAll } from "../plugins/load.ts";
import {
  type Declarations,
  formatPluginSettings,
  writePluginSettings,
} from "../plugins/settings/record.ts";
import { readTextOrNull, writeFileAtomic } from "../system/files.ts";
import type { ServerPaths } from "../system/paths.ts";
import { resource, type ServerContext } from "./resource.ts";

interface Found {
  readonly declarations: Declarations;
  readonly recorded: string | null;
}

/**
 * The record of what plugins declare as their settings. What `config.yaml` holds of these must be good before
 * anything is made of it: here a mistake stops the run, as one in TLJH's own keys does.
 */
export const pluginSettings = resource<Found>({
  id: "plugin-settings",
  title: "Settings of plugins",
  async read(context) {
    const { paths } = context;
    const loaded = await context.plugins();
    if (!context.skipFailing) requireAll(loaded);
    const declarations = await wantedDeclarations(paths, loaded);
    await checkSettings(context, declarations);
    return { declarations, recorded: await readTextOrNull(paths.pluginSettings) };
  },
  compare: ({ declarations, recorded }, { paths }) =>
    recorded === formatPluginSettings(declarations) ||
    (recorded === null && declarations.size === 0)
      ? []
      : [{ action: recorded === null ? "add" : "change", what: paths.pluginSettings }],
  async change({ declarations, recorded }, { paths }) {
    await writePluginSettings(paths, declarations);
    if (recorded === null) return undefined;
    return () => writeFileAtomic(paths.pluginSettings, recorded, { mode: 0o600 });
  },
});

/** What plugins declare; of those that are there but take no part, what they declared when they last did. */
async function wantedDeclarations(
  { pluginSettings: file }: ServerPaths,
  { declarations, disabled, failures }: LoadedPlugins,
): Promise<Declarations> {
  const absent = new Set([...disabled, ...failures.map(({ name, source }) => name ?? source)]);
  const earlier = [...(await readPluginSections(file)).values()]
    .filter(({ plugin }) => absent.has(plugin))
    .map(({ plugin, section, keys }) => [plugin, { section, keys }] as const);
  return new Map([...earlier, ...declarations]);
}

/** Where failing plugins are left out, a setting that does not fit is told, and the plugin has its default. */
async function checkSettings(
  { paths, skipFailing, emit }: ServerContext,
  declarations: Declarations,
): Promise<void> {
  const loaded = await loadConfig(paths.configFile, sectionsOf(declarations));
  try {
    requireSettings(loaded);
  } catch (error) {
    if (!skipFailing || !isExplained(error)) throw error;
    emit({ type: "warning", code: error.code, message: error.message });
  }
}
