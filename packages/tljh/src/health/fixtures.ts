import { mkdir, writeFile } from "node:fs/promises";
import { loadConfig } from "../config/load.ts";
import { formatProxyConfiguration, proxyConfiguration } from "../hub/index.ts";
import { sandbox } from "../plugins/fixtures.ts";
import { createHookManager } from "../plugins/manager.ts";
import { version } from "../version.ts";
import type { Check, Finding, HealthContext } from "./check.ts";
import { runChecks } from "./check.ts";
import type { Machine, UnitFound } from "./machine.ts";

export const NOW = new Date(2026, 10, 25, 15, 30);

export const running: UnitFound = {
  known: true,
  active: true,
  state: "active",
  enabled: true,
  since: NOW.getTime() - 2 * 3_600_000,
  restarts: 0,
};

/** A machine on which everything works. */
const soundMachine: Machine = {
  unit: async () => running,
  journal: async () => "",
  activeUnits: async () => [],
  listens: async () => true,
  holder: async () => null,
  status: async () => 200,
  ping: async () => version,
  run: async () => ({ exitCode: 0, stdout: "5.2.1\n", stderr: "" }),
  disk: async () => ({ device: 1, free: 50e9, size: 100e9, freeFiles: 1e6, files: 2e6 }),
  now: () => NOW,
};

export interface Sick {
  readonly machine?: Partial<Machine>;
  /** The text of config.yaml. */
  readonly config?: string;
  readonly plugins?: Readonly<Record<string, object>>;
  readonly plan?: HealthContext["plan"];
  /** Done to the sandbox's files before anything is looked at. */
  readonly prepare?: (paths: HealthContext["paths"]) => Promise<void>;
}

/** A server that is well but for what is said. */
export async function withServer<Result>(
  sick: Sick,
  work: (context: HealthContext) => Promise<Result>,
): Promise<Result> {
  await using box = await sandbox();
  const { paths } = box;
  for (const folder of [paths.config, paths.state]) await mkdir(folder, { recursive: true });
  await writeFile(paths.configFile, sick.config ?? "");
  const loaded = loadConfig(paths.configFile);
  loaded.catch(() => {});
  const told = proxyConfiguration((await loadConfig("/nowhere/config.yaml")).effective);
  await writeFile(paths.proxyConfig, formatProxyConfiguration(told));
  await sick.prepare?.(paths);
  const manager = createHookManager();
  for (const [name, plugin] of Object.entries(sick.plugins ?? {})) manager.register(plugin, name);
  const list = Object.keys(sick.plugins ?? {}).map((name) => ({
    name,
    version: "1",
    language: "typescript" as const,
    source: name,
    hooks: [],
  }));
  const nothing = { failures: [], disabled: [], declarations: new Map(), close: async () => {} };
  const plugins = { ...nothing, manager, list };
  return work({
    paths,
    machine: { ...soundMachine, ...sick.machine },
    config: () => loaded,
    plugins: async () => plugins,
    plan: sick.plan ?? (async () => []),
  });
}

/** What one check finds, all of it or what is not ok. */
export async function findingsOf(check: Check, sick: Sick = {}): Promise<readonly Finding[]> {
  return withServer(sick, async (context) => {
    const found: Finding[] = [];
    for await (const { findings } of runChecks([check], context)) found.push(...findings);
    return found;
  });
}
