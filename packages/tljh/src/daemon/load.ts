import { type LoadedPlugins, loadPlugins } from "../plugins/index.ts";
import {
  type Outcomes,
  type ReportedFailure,
  readReport,
  toReport,
  updateReport,
} from "../plugins/reports.ts";
import { errorFields, type Log } from "../system/log.ts";
import type { ServerPaths } from "../system/paths.ts";
import type { UserPlugins } from "./plugin-set.ts";

/** The hooks that the daemon calls. */
export const userHooks = ["tljh_new_user_create", "tljh_pre_spawn", "tljh_user_removed"] as const;

export type UserHook = (typeof userHooks)[number];

/** Loads the server's plugins, and says in log and report which of them cannot be. */
export async function loadUserPlugins(paths: ServerPaths, log: Log): Promise<UserPlugins> {
  const onLine = (line: string): void => log("info", "a plugin says", { line });
  const plugins = await loadPlugins({ paths, onLine });
  for (const { name, source, error } of plugins.failures) {
    log("error", "a plugin takes no part", { plugin: name, source, ...errorFields(error) });
  }
  const folder = paths.pluginReports;
  const outcomes = loadingOutcomes(await readReport(folder, "daemon"), plugins);
  await updateReport(folder, "daemon", outcomes);
  // Nothing will be called, so no process is kept for it.
  const isOfUse = userHooks.some((hook) => plugins.manager.hook[hook].plugins().length > 0);
  if (!isOfUse) await plugins.close();
  return plugins;
}

/** What loading changes in the report: plugins that are there no longer, and those that load again, leave it. */
export function loadingOutcomes(
  before: readonly ReportedFailure[],
  { list, failures }: Pick<LoadedPlugins, "list" | "failures">,
): Outcomes {
  const failed = failures.map(({ name, source, error }) => toReport(name ?? source, null, error));
  const loaded = new Set(list.map(({ name }) => name));
  const known = new Set([...loaded, ...failed.map(({ plugin }) => plugin)]);
  const worked = before.filter(
    ({ plugin, hook }) => !known.has(plugin) || (hook === null && loaded.has(plugin)),
  );
  return { failures: failed, worked };
}
