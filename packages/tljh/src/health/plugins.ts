import { type ReportedFailure, readReports } from "../plugins/reports.ts";
import type { Check, Finding, HealthContext } from "./check.ts";
import { failure, ok } from "./check.ts";
import { pluginFindings } from "./plugin-findings.ts";
import { clock } from "./time.ts";

/** Every plugin can be loaded. */
export const plugins: Check = {
  id: "plugins",
  title: "Plugins",
  async look(context) {
    const { list, failures } = await context.plugins();
    const names = list.map(({ name }) => name).toSorted();
    const loaded = names.length === 0 ? "No plugin is loaded" : `Loaded: ${names.join(", ")}`;
    const broken = failures.map(({ name, error }) => ({
      ...failure(error),
      ...(name === null ? {} : { plugin: name }),
    }));
    return names.length === 0 && broken.length > 0 ? broken : [ok(loaded), ...broken];
  },
};

/** No plugin has failed since it last worked. */
export const reports: Check = {
  id: "plugin-reports",
  title: "Plugins' failures",
  async look(context) {
    const broken = await unloadable(context);
    const all = await readReports(context.paths.pluginReports);
    // What cannot be loaded now is told by the check before.
    const found = all.filter(({ plugin, hook }) => hook !== null || !broken.has(plugin));
    return found.length === 0 ? [ok("No plugin has failed")] : found.map(reported);
  },
};

/** The plugins that cannot be loaded. */
async function unloadable({ plugins }: HealthContext): Promise<ReadonlySet<string>> {
  const { failures } = await plugins().catch(() => ({ failures: [] }));
  return new Set(failures.map(({ name, source }) => name ?? source));
}

const occasions = {
  "hub-config": "when the hub was started",
  hub: "inside JupyterHub",
  daemon: "with a user",
  install: "while the server was changed",
} as const;

function reported(one: ReportedFailure & { readonly who: keyof typeof occasions }): Finding {
  const when = `${occasions[one.who]}, ${clock(new Date(one.at))}`;
  const what = one.hook === null ? "could not be loaded" : `failed in ${one.hook}`;
  const names = one.message.includes(one.plugin);
  return {
    status: "error",
    code: one.code,
    message: names
      ? `${one.message} (${when})`
      : `Plugin ${one.plugin} ${what} (${when}): ${one.message}`,
    remedy: one.remedy,
    plugin: one.plugin,
  };
}

/** What plugins themselves say of what they are responsible for. */
export const pluginHealth: Check = {
  id: "plugin-health",
  title: "Plugins' checks",
  async look(context) {
    const findings = await askPlugins(context);
    return findings.length === 0 ? [ok("No plugin has anything to look at")] : findings;
  },
};

async function askPlugins(context: HealthContext): Promise<readonly Finding[]> {
  const { manager } = await context.plugins();
  const answers = await manager.hook.tljh_health_checks.allSettled({}, { atOnce: true });
  return answers.flatMap((answer) => {
    const { plugin } = answer;
    if (answer.status === "rejected") return [{ ...failure(answer.error), plugin }];
    return pluginFindings(plugin, answer.value);
  });
}
