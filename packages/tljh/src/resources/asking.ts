import { loadConfig } from "../config/load.ts";
import { readPluginSections } from "../config/settings/sections.ts";
import { pluginSkipped } from "../errors/plugin-removal.ts";
import type { TljhHookName } from "../hooks.ts";
import type { Installation } from "../install/installation.ts";
import type { Answers, FailedPlugin, LoadedPlugins } from "../plugins/index.ts";
import { askPlugins, readLedger, toReport, updateReport, writeReport } from "../plugins/index.ts";
import type { Admin, ServerContext } from "./resource.ts";
import { stayingPlugins } from "./staying.ts";

export type Asker = Pick<
  ServerContext,
  "paths" | "wanted" | "admins" | "emit" | "dryRun" | "skipFailing"
>;

/** Asks all plugins for what they contribute, and tells which of them fail. */
export async function askServer(context: Asker, loaded: LoadedPlugins): Promise<Answers> {
  const { paths, wanted, admins, skipFailing } = context;
  const sections = await readPluginSections(paths.pluginSettings);
  const { value: config } = await loadConfig(paths.configFile, sections);
  const ledger = await readLedger(paths.contributions);
  const staying = await stayingPlugins(context);
  const answers = await askPlugins({
    loaded,
    ledger,
    config,
    prepare: (own) => withAdmins(own, admins),
    disabled: wanted.disabled ?? [],
    staying,
    stop: !skipFailing,
  });
  if (!context.dryRun) await writeReport(paths.pluginReports, "install", []);
  await tellFailures(answers.failures, context);
  return answers;
}

/** The plugins that implement a hook which is called after the asking, and take part in this run. */
export function implementing(
  hook: TljhHookName,
  { list }: Pick<LoadedPlugins, "list">,
  { contributors, failures }: Pick<Answers, "contributors" | "failures">,
  { disabled = [] }: Pick<Installation, "disabled">,
): LoadedPlugins["list"] {
  const takesPart = new Set(contributors.map(({ name }) => name));
  for (const name of [...failures.map(({ plugin }) => plugin), ...disabled]) takesPart.delete(name);
  return list.filter(({ name, hooks }) => hooks.includes(hook) && takesPart.has(name));
}

/** Names each plugin that takes no part because it fails, now and in `tljh status`. */
export async function tellFailures(
  failed: readonly FailedPlugin[],
  { paths, emit, dryRun }: Pick<Asker, "paths" | "emit" | "dryRun">,
): Promise<void> {
  const failures = failed.map(({ plugin, hook, error }) => toReport(plugin, hook, error));
  for (const failure of failures) emit(pluginSkipped(failure));
  if (!dryRun) await updateReport(paths.pluginReports, "install", { failures });
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
