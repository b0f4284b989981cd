import { loadConfig } from "../../config/load.ts";
import { readPluginSections } from "../../config/settings/sections.ts";
import { pluginHookFaulty } from "../../errors/plugin-authors.ts";
import { type LoadedPlugins, loadPlugins, type PluginRequest } from "../../plugins/index.ts";
import type { ServerPaths } from "../../system/paths.ts";
import { askPlugin, type Surroundings } from "./ask.ts";
import { type Difference, planDifference } from "./difference.ts";
import { type Problem, problemOf } from "./problem.ts";
import { lookInPython } from "./python-look.ts";
import type { CheckReport, PluginReport } from "./report.ts";
import { type Stage, stagePlugin } from "./stage.ts";

export interface CheckOptions {
  readonly paths: ServerPaths;
  /** What a plan is made with; without a server there is none. */
  readonly server: Difference | null;
  /** What plugins print, line by line. */
  readonly onLine: (line: string) => void;
}

/**
 * Loads a plugin without installing it, and asks it what it would contribute. Nothing of the server is
 * changed. Rejects with `PLUGIN_INSTALL_FAILED` and the like where there is nothing to be loaded.
 */
export async function checkPlugin(
  request: PluginRequest,
  options: CheckOptions,
): Promise<CheckReport> {
  const { onLine } = options;
  await using stage = await stagePlugin(request, options.paths);
  const problems: Promise<Problem>[] = [];
  const tell = (plugin: string | null, hook: string | null, error: unknown) => {
    problems.push(problemOf(error, { plugin, hook }, stage.files));
  };
  const loaded = await loadStaged(stage, onLine, tell);
  try {
    const surroundings = { loaded, stage, ...(await standingConfig(stage.paths)) };
    const plugins = await askAll(surroundings, tell);
    const difference = await differenceFor(options.server, surroundings, tell);
    return { plugins, problems: await Promise.all(problems), difference };
  } finally {
    await loaded.close();
  }
}

type Tell = (plugin: string | null, hook: string | null, error: unknown) => void;

async function loadStaged(
  stage: Stage,
  onLine: (line: string) => void,
  tell: Tell,
): Promise<LoadedPlugins> {
  const loaded = await loadPlugins({
    paths: stage.paths,
    disabled: [],
    onLine,
    onStray: ({ plugin, error }) => tell(plugin, null, error),
    ...(stage.hubPython === undefined ? {} : { hubPython: stage.hubPython }),
  });
  for (const { name, source, error } of loaded.failures)
    if (stage.sources.has(source) || name === null)
      for (const fault of await faultsOf(stage, name, error)) tell(name, null, fault);
  return loaded;
}

/** Python's own manager stops at the first hook that is wrong; here all are told. */
async function faultsOf(
  { hubPython: python }: Stage,
  plugin: string | null,
  error: unknown,
): Promise<readonly unknown[]> {
  if (python === undefined || plugin === null) return [error];
  const look = lookInPython({ python, plugin, assignments: [], settings: {} });
  // One that cannot be imported has been told why already.
  const { faults } = await look.catch(() => ({ faults: [] }));
  return faults.length > 0 ? faults.map((fault) => pluginHookFaulty(plugin, fault)) : [error];
}

/** The server's config.yaml; an empty one where there is none. */
async function standingConfig(
  paths: ServerPaths,
): Promise<Pick<Surroundings, "config" | "effective">> {
  const sections = await readPluginSections(paths.pluginSettings);
  const { value: config, effective } = await loadConfig(paths.configFile, sections);
  return { config, effective };
}

async function askAll(surroundings: Surroundings, tell: Tell): Promise<PluginReport[]> {
  const { loaded, stage } = surroundings;
  const reports: PluginReport[] = [];
  for (const plugin of loaded.list.filter(({ source }) => stage.sources.has(source))) {
    const { name, version, language, source } = plugin;
    if (stage.hubPython !== undefined)
      for (const fault of await faultsOf(stage, name, null)) if (fault) tell(name, null, fault);
    const hooks = await askPlugin(plugin, surroundings, (hook, error) => tell(name, hook, error));
    reports.push({ name, version, language, source, hooks });
  }
  return reports;
}

/** What stands in the way of a plan with the plugin, and not of one without it, is the plugin's fault. */
async function differenceFor(
  server: Difference | null,
  surroundings: Surroundings,
  tell: Tell,
): Promise<CheckReport["difference"]> {
  if (server === null) return null;
  try {
    return await planDifference(server, surroundings);
  } catch (error) {
    tell(null, null, error);
    return null;
  }
}
