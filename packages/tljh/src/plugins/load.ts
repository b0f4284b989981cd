import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type PluginHook, pluginNameTaken, pluginPythonImportFailed } from "../errors/plugins.ts";
import { hookspecs, type Settings } from "../hooks.ts";
import { RpcError } from "../rpc/index.ts";
import type { ServerPaths } from "../system/paths.ts";
import { adaptPlugin } from "./adapter.ts";
import { type ImplementedHook, LoadedPlugin as Loaded } from "./host/loaded.ts";
import { createHookManager, type HookManager } from "./manager.ts";
import {
  findNodePlugins,
  type ImportModule,
  importNodePlugin,
  type NodePlugin,
} from "./node-plugins.ts";
import { PythonHost, type PythonPlugin } from "./python-host.ts";

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
  /** Ends the host of Python plugins. Hooks of these cannot be called afterwards. */
  close(): Promise<void>;
}

export interface LoadOptions {
  readonly paths: ServerPaths;
  /** The hub's Python; `<hub>/bin/python` by default. Without it there are no Python plugins. */
  readonly hubPython?: string;
  /** The plugins to load; all by default. Without `python` no host is started. */
  readonly languages?: readonly LoadedPlugin["language"][];
  /** What Python plugins print, line by line. */
  readonly onLine?: (line: string) => void;
  readonly importModule?: ImportModule;
}

/** Called inside JupyterHub, with its real configuration, for plugins in Python. */
const CALLED_BY_THE_HUB = "tljh_custom_jupyterhub_config";

const noSettings: Settings = {};

/** What loading has come to so far. */
interface Loading {
  readonly manager: HookManager;
  readonly list: LoadedPlugin[];
  readonly failures: PluginFailure[];
}

/**
 * Loads all plugins of a server: packages of `<prefix>/plugins` by name, then Python plugins.
 * One that cannot be loaded stands in `failures`; `requireAll` throws for it.
 */
export async function loadPlugins(options: LoadOptions): Promise<LoadedPlugins> {
  const loading = startLoading();
  const { languages = ["typescript", "python"], paths, importModule } = options;
  if (languages.includes("typescript")) await loadNodePlugins(loading, paths.plugins, importModule);
  const host = languages.includes("python") ? await loadPythonPlugins(loading, options) : undefined;
  return { ...loading, close: async () => host?.close() };
}

/** Throws the first failure, if there is one. For installations, where a broken plugin must not pass. */
export function requireAll({ failures }: Pick<LoadedPlugins, "failures">): void {
  const [first] = failures;
  if (first) throw first.error;
}

/** Only the packages of a folder laid out as `<prefix>/plugins` is: to check them before they take part. */
export async function checkNodePlugins(
  plugins: string,
  importModule?: ImportModule,
): Promise<readonly PluginFailure[]> {
  const loading = startLoading();
  await loadNodePlugins(loading, plugins, importModule);
  return loading.failures;
}

function startLoading(): Loading {
  return { manager: createHookManager(), list: [], failures: [] };
}

async function loadNodePlugins(
  loading: Loading,
  plugins: string,
  importModule?: ImportModule,
): Promise<void> {
  for (const found of await findNodePlugins(plugins)) {
    if ("error" in found) {
      const { package: name, spec } = found.source;
      loading.failures.push({ name, source: spec, error: found.error });
    } else for (const plugin of found.plugins) await loadNodePlugin(loading, plugin, importModule);
  }
}

async function loadNodePlugin(
  loading: Loading,
  plugin: NodePlugin,
  importModule?: ImportModule,
): Promise<void> {
  const { name, version, source } = plugin;
  try {
    const loaded = new Loaded(name, await importNodePlugin(plugin, importModule));
    const adapter = adaptPlugin({
      hooks: loaded.hooks(),
      call: async (hook, args) => ({ value: await loaded.call(hook, args), arguments: args }),
      settings: () => noSettings,
    });
    const description = { name, version, source, language: "typescript" } as const;
    register(loading, adapter, description, loaded.hooks());
  } catch (error) {
    loading.failures.push({ name, source, error });
  }
}

/** Gives back the host, which runs on if any plugin needs it. */
async function loadPythonPlugins(
  loading: Loading,
  options: LoadOptions,
): Promise<PythonHost | undefined> {
  const { paths, onLine } = options;
  const python = options.hubPython ?? join(paths.hub, "bin", "python");
  if (!(await stat(python).catch(() => null))) return undefined;
  const host = new PythonHost(python, { prefix: paths.prefix, ...(onLine ? { onLine } : {}) });
  let found: PythonPlugin[];
  try {
    found = await host.list();
  } catch (error) {
    loading.failures.push({ name: null, source: python, error });
    found = [];
  }
  for (const plugin of found) loadPythonPlugin(loading, plugin, host);
  if (loading.list.some((plugin) => plugin.language === "python")) return host;
  await host.close();
  return undefined;
}

function loadPythonPlugin(loading: Loading, plugin: PythonPlugin, host: PythonHost): void {
  const { name, module } = plugin;
  const source = plugin.distribution ?? module;
  try {
    if (plugin.error) throw pluginPythonImportFailed(name, module, plugin.error);
    const description = {
      name,
      version: plugin.version ?? "0",
      source,
      language: "python",
    } as const;
    const called = plugin.hooks.filter((hook) => hook.name !== CALLED_BY_THE_HUB);
    const adapter = adaptPlugin({
      hooks: called,
      call: (hook, args) =>
        host.call(name, hook, args).catch((error: unknown) => fail(error, { plugin: name, hook })),
      settings: () => noSettings,
    });
    register(loading, adapter, description, plugin.hooks);
  } catch (error) {
    loading.failures.push({ name, source, error });
  }
}

function register(
  { manager, list }: Loading,
  plugin: object,
  description: Omit<LoadedPlugin, "hooks">,
  hooks: readonly ImplementedHook[],
): void {
  const { name, source } = description;
  const other = list.find((one) => one.name === name);
  if (other) throw pluginNameTaken(name, source, other.source);
  manager.register(plugin, name);
  const known = hooks.map((hook) => hook.name).filter((hook) => hook in hookspecs);
  list.push({ ...description, hooks: known });
}

/** What the host says of a hook that failed names plugin and hook already; the manager then leaves it as it is. */
function fail(error: unknown, place: PluginHook): never {
  if (error instanceof RpcError && error.code === "PLUGIN_HOOK_FAILED") Object.assign(error, place);
  throw error;
}
