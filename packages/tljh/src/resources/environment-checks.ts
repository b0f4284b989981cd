import { type PluginChecks, pluginChecks } from "../install/check/plugin-checks.ts";
import type { FailedPlugin } from "../plugins/index.ts";
import { implementing, tellFailures } from "./asking.ts";
import type { ServerContext } from "./resource.ts";

const hook = "tljh_user_environment_checks";

/** What plugins have tried in a changed user environment. The first that fails ends it, unless such are skipped. */
export async function environmentChecks(context: ServerContext): Promise<readonly PluginChecks[]> {
  const loaded = await context.plugins();
  const answers = await context.contributions();
  const plugins = implementing(hook, loaded, answers, context.wanted).map(({ name }) => name);
  const found: PluginChecks[] = [];
  const failures: FailedPlugin[] = [];
  for (const answer of await loaded.manager.hook[hook].allSettled({}, { atOnce: true })) {
    const { plugin } = answer;
    if (!plugins.includes(plugin)) continue;
    try {
      if (answer.status === "rejected") throw answer.error;
      found.push(pluginChecks(plugin, answer.value));
    } catch (error) {
      if (!context.skipFailing) throw error;
      failures.push({ plugin, hook, error });
    }
  }
  await tellFailures(failures, context);
  return found;
}
