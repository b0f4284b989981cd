import { setKey, unsetKey } from "../config/edit.ts";
import { loadConfig, parseConfig, requireSettings } from "../config/load.ts";
import { readPluginSections } from "../config/settings/sections.ts";
import { updateConfig } from "../config/store.ts";
import { type ConfigChange, configChanges } from "../install/config-changes.ts";
import { callConfigPostInstall } from "../plugins/index.ts";
import { readTextOrNull, writeFileAtomic } from "../system/files.ts";
import { type Admin, resource } from "./resource.ts";

interface Found {
  readonly exists: boolean;
  readonly changes: readonly ConfigChange[];
}

/** `config.yaml`: there, with the admins asked for, and with what plugins make of it. Comments stay. */
export const configuration = resource<Found>({
  id: "configuration",
  title: "Configuration",
  async read(context) {
    const { configFile } = context.paths;
    const exists = (await readTextOrNull(configFile)) !== null;
    const { value } = await loadConfig(
      configFile,
      await readPluginSections(context.paths.pluginSettings),
    );
    const { manager } = await context.plugins();
    const after = withAdmins(await callConfigPostInstall(manager, value), context.admins);
    return { exists, changes: configChanges(value, after) };
  },
  compare: ({ exists, changes }, { paths }) => [
    ...(exists ? [] : [{ action: "add" as const, what: paths.configFile }]),
    ...changes.map((change) => ({
      action: "value" in change ? ("change" as const) : ("remove" as const),
      what: change.path.join("."),
    })),
  ],
  async change({ exists, changes }, { paths }) {
    if (!exists) await writeFileAtomic(paths.configFile, "", { mode: 0o600 });
    let before = "";
    const sections = await readPluginSections(paths.pluginSettings);
    await updateConfig(paths.configFile, (text) => {
      before = text;
      const changed = changes.reduce(applyChange, text);
      // What plugins made of it must be a configuration that the hub can start with, and they themselves.
      requireSettings(parseConfig(changed, paths.configFile, sections));
      return changed;
    });
    if (!exists) return;
    return async () => void (await updateConfig(paths.configFile, () => before));
  },
});

function applyChange(text: string, change: ConfigChange): string {
  return "value" in change ? setKey(text, change.path, change.value) : unsetKey(text, change.path);
}

/** The original replaced the list by the last run's admins; here they add up. */
function withAdmins(
  config: Readonly<Record<string, unknown>>,
  admins: readonly Admin[],
): Record<string, unknown> {
  if (admins.length === 0) return { ...config };
  const users = (config.users ?? {}) as Readonly<Record<string, unknown>>;
  const before = Array.isArray(users.admin) ? (users.admin as readonly unknown[]) : [];
  const admin = [...new Set([...before, ...admins.map(({ name }) => name)])];
  return { ...config, users: { ...users, admin } };
}
