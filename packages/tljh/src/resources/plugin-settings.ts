import { loadConfig, requireSettings } from "../config/load.ts";
import { readPluginSections, sectionsOf } from "../config/settings/sections.ts";
import { collectSettings } from "../plugins/settings/collect.ts";
import {
  type Declarations,
  formatPluginSettings,
  writePluginSettings,
} from "../plugins/settings/record.ts";
import { readTextOrNull, writeFileAtomic } from "../system/files.ts";
import { resource } from "./resource.ts";

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
    const { declarations, failures } = await collectSettings((await context.plugins()).manager);
    const [failure] = failures;
    if (failure && !context.skipFailing) throw failure.error;
    const silent = [...failures.map(({ plugin }) => plugin), ...(context.wanted.disabled ?? [])];
    const all = await withRecorded(declarations, silent, paths.pluginSettings);
    requireSettings(await loadConfig(paths.configFile, sectionsOf(all)));
    return { declarations: all, recorded: await readTextOrNull(paths.pluginSettings) };
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

/** Plugins that are disabled, or that fail where that does not matter, declare what they did before. */
async function withRecorded(
  declarations: Declarations,
  silent: readonly string[],
  file: string,
): Promise<Declarations> {
  const recorded = [...(await readPluginSections(file)).values()];
  const kept = recorded.filter(
    ({ plugin }) => silent.includes(plugin) && !declarations.has(plugin),
  );
  return new Map([
    ...kept.map(({ plugin, section, keys }) => [plugin, { section, keys }] as const),
    ...declarations,
  ]);
}
