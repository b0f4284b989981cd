import { pluginConfigNotData } from "../errors/plugins.ts";
import { findingProblems } from "../health/plugin-findings.ts";
import type { TljhHookName } from "../hooks.ts";
import type { ConfigTree } from "../hub/config-tree.ts";
import { recordConfig } from "../hub/record.ts";
import { configTree, treeAssignments } from "../hub/tree.ts";
import { pluginChecks } from "../install/check/plugin-checks.ts";
import { findOther } from "../plugins/asking/plain-data.ts";
import { checkAnswer, isListHook } from "../plugins/contributions.ts";
import { checkDeclaration } from "../plugins/settings/check.ts";

/** One plugin, and what its hooks are given as `settings`. */
export interface Callee {
  readonly name: string;
  call(hook: string, args: Readonly<Record<string, unknown>>): Promise<unknown>;
}

type Given = Readonly<Record<string, unknown>>;

/** How a hook is called, and what the product would take of it. */
type Way = (plugin: Callee, given: Given) => Promise<unknown>;

/** Those that change what they are given: that is then the result. The rest are there for what they do. */
const ways: Readonly<Partial<Record<TljhHookName, Way>>> = {
  async tljh_config_post_install(plugin, given) {
    const config = structuredClone(given.config ?? {});
    await plugin.call("tljh_config_post_install", { config });
    const wrong = findOther(config);
    if (wrong) throw pluginConfigNotData(wrong.path, wrong.value, [plugin.name]);
    return config;
  },
  async tljh_custom_jupyterhub_config(plugin, given) {
    const before = treeAssignments((given.c ?? {}) as ConfigTree);
    const { c, assignments } = recordConfig(before, plugin.name);
    await plugin.call("tljh_custom_jupyterhub_config", { c });
    return configTree([...before, ...assignments]);
  },
  async tljh_pre_spawn(plugin, { username, environment: before }) {
    const environment = { ...(before as Record<string, string> | undefined) };
    await plugin.call("tljh_pre_spawn", { username, environment });
    return environment;
  },
};

/** Calls one hook of a plugin as the product would, and gives back what the product would take of it, checked. */
export async function callHook(
  plugin: Callee,
  hook: TljhHookName,
  given: Given = {},
): Promise<unknown> {
  const way = ways[hook];
  if (way) return way(plugin, given);
  const answer = await plugin.call(hook, given);
  if (hook === "tljh_settings_schema") return checkDeclaration(plugin.name, answer);
  if (hook === "tljh_health_checks") {
    const [problem] = findingProblems(plugin.name, answer);
    if (problem) throw problem;
    return answer ?? [];
  }
  if (hook === "tljh_user_environment_checks") return pluginChecks(plugin.name, answer).checks;
  if (!isListHook(hook)) return answer;
  return answer === null || answer === undefined
    ? []
    : checkAnswer({ plugin: plugin.name, hook }, answer);
}
