/** Loads the TypeScript plugins of a server and calls every hook of theirs; the argument is its prefix. */
import { hookspecs, type TljhHookName } from "../../packages/tljh/src/hooks.ts";
import { loadPlugins } from "../../packages/tljh/src/plugins/index.ts";
import { serverPaths } from "../../packages/tljh/src/system/paths.ts";

/** Seconds. */
export interface PluginsReport {
  readonly plugins: number;
  /** How often a hook was called, of all plugins together. */
  readonly calls: number;
  readonly load: number;
  readonly run: number;
  readonly close: number;
}

const username = "jupyter-alice";
const given: Partial<Record<TljhHookName, object>> = {
  tljh_config_post_install: { config: {} },
  tljh_custom_jupyterhub_config: { assignments: [] },
  tljh_new_user_create: { username },
  tljh_user_removed: { username },
  tljh_pre_spawn: { username, environment: {} },
};

/** In these a plugin sees what those before it have done, or its failure ends the calls: one is asked after the other. */
const inTurn = new Set<string>([
  "tljh_config_post_install",
  "tljh_custom_jupyterhub_config",
  "tljh_new_user_create",
  "tljh_post_install",
  "tljh_pre_spawn",
  "tljh_user_removed",
]);

const seconds = () => performance.now() / 1000;

const began = seconds();
const loaded = await loadPlugins({
  paths: serverPaths(process.argv[2]),
  languages: ["typescript"],
});
const isLoaded = seconds();
let calls = 0;
for (const name of Object.keys(hookspecs) as TljhHookName[]) {
  const args = (given[name] ?? {}) as never;
  const results = await loaded.manager.hook[name].allSettled(args, { atOnce: !inTurn.has(name) });
  for (const result of results) if (result.status === "rejected") throw result.error;
  calls += results.length;
}
const hasRun = seconds();
const [failure] = loaded.failures;
if (failure) throw failure.error;
await loaded.close();
const report: PluginsReport = {
  plugins: loaded.list.length,
  calls,
  load: isLoaded - began,
  run: hasRun - isLoaded,
  close: seconds() - hasRun,
};
process.stdout.write(JSON.stringify(report));
