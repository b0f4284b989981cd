import { setKey, unsetKey } from "../config/edit.ts";
import { parseConfig, requireSettings } from "../config/load.ts";
import { readPluginSections } from "../config/settings/sections.ts";
import { updateConfig } from "../config/store.ts";
import { settingOverwritten } from "../errors/plugin-removal.ts";
import { type ConfigChange, configChanges } from "../install/config-changes.ts";
import { readTextOrNull, writeFileAtomic } from "../system/files.ts";
import { type ConfigDifference, configDifferences } from "./config-differences.ts";
import { formerPlugins } from "./contributed.ts";
import { resource, type ServerContext } from "./resource.ts";

interface Found {
  readonly exists: boolean;
  readonly changes: readonly ConfigChange[];
  readonly differences: readonly ConfigDifference[];
}

/** `config.yaml`: there, with the admins asked for, and with what plugins make of it. Comments stay. */
export const configuration = resource<Found>({
  id: "configuration",
  title: "Configuration",
  async read(context) {
    const exists = (await readTextOrNull(context.paths.configFile)) !== null;
    const { config, ledger } = await context.contributions();
    const former = formerPlugins(ledger);
    return {
      exists,
      changes: configChanges(config.file, config.after),
      differences: configDifferences(config, (path) => former.config(path)),
    };
  },
  compare: ({ exists, differences }, { paths }) => [
    ...(exists ? [] : [{ action: "add" as const, what: paths.configFile }]),
    ...differences.map(({ path: _path, overwritten: _overwritten, ...difference }) => difference),
  ],
  async change({ exists, changes, differences }, context) {
    const { configFile } = context.paths;
    if (!exists) await writeFileAtomic(configFile, "", { mode: 0o600 });
    let before = "";
    const sections = await readPluginSections(context.paths.pluginSettings);
    await updateConfig(configFile, (text) => {
      before = text;
      const changed = changes.reduce(applyChange, text);
      // What plugins made of it must be a configuration that the hub can start with, and they themselves.
      const loaded = parseConfig(changed, configFile, sections);
      if (!context.skipFailing) requireSettings(loaded);
      return changed;
    });
    warn(differences, context);
    if (!exists) return;
    return async () => void (await updateConfig(configFile, () => before));
  },
});

function warn(differences: readonly ConfigDifference[], { emit }: ServerContext): void {
  for (const { overwritten, because, what } of differences)
    if (overwritten && because !== undefined) emit(settingOverwritten(because, what));
}

function applyChange(text: string, change: ConfigChange): string {
  return "value" in change ? setKey(text, change.path, change.value) : unsetKey(text, change.path);
}
