import { join } from "node:path";
import type { SettingsDeclaration } from "../config/settings/declaration.ts";
import { hookspecs } from "../hooks.ts";
import type { ServerPaths } from "../system/paths.ts";
import { adaptPlugin } from "./adapter.ts";
import { type Candidate, candidatesOfNode, candidatesOfPython, claimNames } from "./candidates.ts";
import { PluginHost, type PluginHostOptions, type StrayFailure } from "./client/host.ts";
import { nodeHost, pythonHost } from "./client/launch.ts";
import { type HookTimeouts, hookLimit } from "./client/limits.ts";
import { readDisabled } from "./disabled.ts";
import { CONFIG_HOOK, type ImplementedHook } from "./host/protocol.ts";
import { createHookManager, type HookManager } from "./manager.ts";
import { PluginConfig } from "./plugin-config.ts";
import { collectSettings } from "./settings/collect.ts";

export interface LoadedPlugin {
  readonly name: string;
  readonly version: string;
  readonly language: "typescript" | "python";
  /** As it was asked for (`npm:<spec>`, a folder's path), or the name of the Python distribution. */
  readonly source: string;
  /** The hooks it implements. */
  readonly hooks: readonly string[];
}

/** A plugin, or package, that takes no part, and why. The others are not affected. */
export interface PluginFailure {
  /** The plugin's name; the package's where its plugins are not known; null for the Python host itself. */
  readonly name: string | null;
  readonly source: string;
  readonly error: unknown;
}

export interface LoadedPlugins {
  readonly manager: HookManager;
  readonly list: readonly LoadedPlugin[];
  readonly failures: readonly PluginFailure[];
  /** The plugins that are there and were left out, since they are disabled. */
  readonly disabled: readonly string[];
  /** The settings that plugins declare, by plugin. */
  readonly declarations: ReadonlyMap<string, SettingsDeclaration>;
  /** Ends the processes that plugins live in; one at work is stopped. Hooks cannot be called afterwards. */
  close(): Promise<void>;
}

export interface LoadOptions {
  readonly paths: ServerPaths;
  /** The hub's Python; `<hub>/bin/python` by default. Without it there are no Python plugins. */
  readonly hubPython?: string;
  /** The plugins to load; all by default. Without `python` no process of Python's is started. */
  readonly languages?: readonly LoadedPlugin["language"][];
  /** Names of plugins to leave out; those of `state/installation.json` by default. */
  readonly disabled?: readonly string[];
  /** What plugins print, line by line. */
  readonly onLine?: (line: string) => void;
  /** What fails in a plugin that nobody has called; told as a line by default. */
  readonly onStray?: (failure: StrayFailure) => void;
  /** Seconds by hook; `plugins.hook_timeout` of config.yaml, as it is at each call, by default. */
  readonly timeouts?: HookTimeouts;
  /** Seconds that a plugin has to be loaded; 120 by default. */
  readonly loadLimit?: number;
  /** Milliseconds without a call after which the plugins' processes end, until the next one; five minutes by default. */
  readonly idle?: number;
}

/** What loading has come to so far. */
interface Loading {
  readonly manager: HookManager;
  readonly list: LoadedPlugin[];
  readonly failures: PluginFailure[];
  readonly config: PluginConfig;
  readonly limitOf: (hook: string) => Promise<number>;
}

/** A plugin that was loaded into its host, or why it was not. */
type Arrival =
  | { readonly candidate: Candidate; readonly hooks: readonly ImplementedHook[] }
  | { readonly candidate: Candidate; readonly error: unknown };

/**
 * Loads all plugins of a server: packages of `<prefix>/plugins` by name, then Python plugins by name. They live
 * in processes of their own. One that cannot be loaded stands in `failures`; `requireAll` throws for it.
 */
export async function loadPlugins(options: LoadOptions): Promise<LoadedPlugins> {
  const disabled = options.disabled ?? (await readDisabled(options.paths.installation));
  const loading = startLoading(options);
  const claim = claimNames(disabled);
  const hosts = hostsFor(options);
  try {
    await arriveAll(loading, hosts, claim);
    await declareSettings(loading);
  } catch (error) {
    await hosts.close();
    throw error;
  }
  if (!loading.list.some(({ language }) => language === "python")) await hosts.python.close();
  return {
    ...loading,
    disabled: claim.leftOut,
    declarations: loading.config.declarations,
    close: hosts.close,
  };
}

/** The processes of both languages; neither is started before there is something to ask of it. */
function hostsFor(options: LoadOptions) {
  const { paths, languages = ["typescript", "python"] } = options;
  const hubPython = options.hubPython ?? join(paths.hub, "bin", "python");
  const node = new PluginHost(nodeHost(paths), hostOptions(options));
  const python = new PluginHost(pythonHost(hubPython, paths), hostOptions(options));
  return {
    node,
    python,
    findNode: () => (languages.includes("typescript") ? candidatesOfNode(paths.plugins, node) : []),
    findPython: () => (languages.includes("python") ? candidatesOfPython(python, hubPython) : []),
    close: async () => void (await Promise.all([node.close(), python.close()])),
  };
}

/** Both languages side by side; names go to TypeScript's first. */
async function arriveAll(
  loading: Loading,
  hosts: ReturnType<typeof hostsFor>,
  claim: ReturnType<typeof claimNames>,
): Promise<void> {
  const [foundInNode, findingInPython] = [hosts.findNode(), hosts.findPython()];
  const ofNode = claim(await foundInNode, loading.failures);
  const arrivingInPython = async () =>
    arrive(hosts.python, claim(await findingInPython, loading.failures));
  const [inNode, inPython] = await Promise.all([arrive(hosts.node, ofNode), arrivingInPython()]);
  for (const one of inNode) register(loading, hosts.node, one);
  for (const one of inPython) register(loading, hosts.python, one);
}

/** Throws the first failure, if there is one. For installations, where a broken plugin must not pass. */
export function requireAll({ failures }: Pick<LoadedPlugins, "failures">): void {
  const [first] = failures;
  if (first) throw first.error;
}

/** Only the packages of a folder laid out as `<prefix>/plugins` is: to check them before they take part. */
export async function checkNodePlugins(
  plugins: string,
  paths: ServerPaths,
): Promise<readonly PluginFailure[]> {
  const checked = { ...paths, plugins };
  const loaded = await loadPlugins({ paths: checked, languages: ["typescript"], disabled: [] });
  await loaded.close();
  return loaded.failures;
}

function startLoading(options: LoadOptions): Loading {
  const config = new PluginConfig(options.paths.configFile);
  const limitOf = async (hook: string) =>
    hookLimit(hook, options.timeouts ?? (await config.timeouts()));
  return { manager: createHookManager(), list: [], failures: [], config, limitOf };
}

function hostOptions(options: LoadOptions): PluginHostOptions {
  const { onLine, idle, loadLimit } = options;
  const onStray = options.onStray ?? (({ error }: StrayFailure) => onLine?.(error.message));
  return { onLine, onStray, idle, loadLimit };
}

function arrive(host: PluginHost, candidates: readonly Candidate[]): Promise<Arrival[]> {
  const arriving = candidates.map(async (candidate): Promise<Arrival> => {
    try {
      return { candidate, hooks: await host.load(candidate.origin) };
    } catch (error) {
      return { candidate, error };
    }
  });
  return Promise.all(arriving);
}

function register(loading: Loading, host: PluginHost, arrival: Arrival): void {
  const { candidate } = arrival;
  const { name, source, version, language } = candidate;
  try {
    if ("error" in arrival) throw arrival.error;
    loading.manager.register(adapterOf(loading, host, arrival), name);
    const hooks = arrival.hooks.map((hook) => hook.name).filter((hook) => hook in hookspecs);
    loading.list.push({ name, version, language, source, hooks: [...new Set(hooks)] });
  } catch (error) {
    loading.failures.push({ name, source, error });
  }
}

function adapterOf(
  { config, limitOf }: Loading,
  host: PluginHost,
  { candidate, hooks }: Extract<Arrival, { hooks: unknown }>,
): object {
  const { name, origin, language } = candidate;
  // Python's are called inside JupyterHub, with its real configuration.
  const isElsewhere = (hook: string) => hook === CONFIG_HOOK && language === "python";
  return adaptPlugin({
    hooks: hooks.filter((hook) => !isElsewhere(hook.name)),
    call: async (hook, args) => host.call(origin, hook, args, await limitOf(hook)),
    settings: () => config.settingsOf(name),
  });
}

/** A plugin whose settings cannot be known takes no part. */
async function declareSettings({ manager, config, list, failures }: Loading): Promise<void> {
  const collected = await collectSettings(manager);
  config.declarations = collected.declarations;
  for (const { plugin: name, error } of collected.failures) {
    const [plugin] = list.splice(
      list.findIndex((one) => one.name === name),
      1,
    );
    manager.unregister(name);
    failures.push({ name, source: plugin?.source ?? name, error });
  }
}
