/**
 * What a plugin's tests need: the plugin, called as the product would call it, without a server.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { test } from "node:test";
 * import { loadPlugin } from "tljh/testing";
 *
 * const plugin = await loadPlugin(import.meta.dirname);
 *
 * test("leaves the limit that an administrator has set", async () => {
 *   const config = { limits: { memory: "8G" } };
 *   assert.deepEqual(await plugin.call("tljh_config_post_install", { config }), config);
 * });
 * ```
 */

import { fileURLToPath } from "node:url";
import { pluginHookMissing, pluginNotTheOnly } from "./errors/plugin-authors.ts";
import type {
  EnvironmentCheck,
  HealthFinding,
  Settings,
  TljhConfig,
  TljhHookName,
  TljhHooks,
} from "./hooks.ts";
import type { ConfigTree } from "./hub/config-tree.ts";
import { PluginModule } from "./plugins/host/module.ts";
import { importPlugin, pluginObject } from "./plugins/import.ts";
import { readManifest } from "./plugins/manifest.ts";
import { callHook } from "./testing/called.ts";
import { testSettings } from "./testing/settings.ts";

export type { ConfigTree } from "./hub/config-tree.ts";

/** What a test gives a hook, where it gives anything. */
export interface TestArguments {
  readonly tljh_config_post_install: { readonly config?: TljhConfig };
  /** `c` is what is set before, as a tree: `{ Spawner: { cmd: ["…"] } }`. */
  readonly tljh_custom_jupyterhub_config: { readonly c?: ConfigTree };
  readonly tljh_new_user_create: { readonly username: string };
  readonly tljh_user_removed: { readonly username: string };
  readonly tljh_pre_spawn: {
    readonly username: string;
    readonly environment?: Readonly<Record<string, string>>;
  };
}

/** What a test gets: the answer, or what became of the argument that the hook is there to change. */
export interface TestResults {
  readonly tljh_config_post_install: TljhConfig;
  readonly tljh_custom_jupyterhub_config: ConfigTree;
  readonly tljh_pre_spawn: Readonly<Record<string, string>>;
  readonly tljh_health_checks: readonly HealthFinding[];
  readonly tljh_user_environment_checks: readonly EnvironmentCheck[];
}

type Arguments<Name> = Name extends keyof TestArguments
  ? TestArguments[Name]
  : Readonly<Record<never, never>>;

type Result<Name extends TljhHookName> = Name extends keyof TestResults
  ? TestResults[Name]
  : TljhHooks[Name]["result"];

/** A plugin that a test can call. */
export interface PluginUnderTest {
  readonly name: string;
  /** The hooks that it implements. */
  readonly hooks: readonly TljhHookName[];
  /**
   * Calls one hook with copies of the arguments. Lists come back with each entry once; `config`, `c` and
   * `environment` come back as the hook leaves them. Rejects as the product would report it: for an answer that
   * makes no sense, with what the hook throws, and with `PLUGIN_HOOK_MISSING`.
   */
  call<Name extends TljhHookName>(
    hook: Name,
    ...given: Record<never, never> extends Arguments<Name> ? [Arguments<Name>?] : [Arguments<Name>]
  ): Promise<Result<Name>>;
}

export interface LoadOptions {
  /** Which plugin, of a folder with several; in messages, the name of a plugin that is given as a module. */
  readonly name?: string;
  /** The plugin's own section of `config.yaml`: its hooks are given it with defaults filled in. */
  readonly settings?: Settings;
}

/**
 * Loads a plugin: a folder, by its `package.json`, or a module that was imported already. It is checked as for
 * an installation: a hook that there is not, or one with a wrong argument, is refused.
 */
export async function loadPlugin(
  plugin: string | URL | object,
  options: LoadOptions = {},
): Promise<PluginUnderTest> {
  const { name, module } = await find(plugin, options);
  const loaded = new PluginModule(name, module);
  const hooks = loaded.hooks().map((hook) => hook.name as TljhHookName);
  const settings = await testSettings(loaded, name, options.settings);
  const takesSettings = new Set(
    loaded.hooks().flatMap((hook) => (hook.arguments.includes("settings") ? [hook.name] : [])),
  );
  const callee = {
    name,
    call: (hook: string, args: Readonly<Record<string, unknown>>) =>
      loaded.call(
        hook,
        takesSettings.has(hook) ? { ...args, settings: structuredClone(settings) } : args,
      ),
  };
  return {
    name,
    hooks,
    async call(hook, ...[given]) {
      if (!hooks.includes(hook)) throw pluginHookMissing(name, hook, hooks);
      return (await callHook(callee, hook, given)) as Result<typeof hook>;
    },
  };
}

async function find(plugin: string | URL | object, { name }: LoadOptions) {
  if (typeof plugin === "object" && !(plugin instanceof URL))
    return { name: name ?? "plugin", module: pluginObject(plugin) };
  const folder = plugin instanceof URL ? fileURLToPath(plugin) : plugin;
  const manifest = await readManifest(folder);
  const named = manifest.plugins.filter((one) => name === undefined || one.name === name);
  const [only] = named;
  const names = manifest.plugins.map((one) => one.name);
  if (only === undefined || named.length > 1) throw pluginNotTheOnly(folder, name, names);
  return { name: only.name, module: await importPlugin(only.name, only.file) };
}
