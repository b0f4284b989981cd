import { type Hookspec, PluginManager } from "@tljh/pluggy";
import { hookspecs, project, type TljhHooks } from "../hooks.ts";
import type { Assignment } from "../hub/assignments.ts";
import { CONFIG_HOOK } from "./host/protocol.ts";

/**
 * The hooks as the product calls them. Each plugin's `settings` are filled in on the way to it. The `c` of
 * `tljh_custom_jupyterhub_config` is made of the assignments so far, to which the plugin's are added.
 */
export type CalledHooks = {
  readonly [Name in keyof TljhHooks]: {
    readonly arguments: Name extends typeof CONFIG_HOOK
      ? { readonly assignments: Assignment[] }
      : Omit<TljhHooks[Name]["arguments"], "settings">;
    readonly result: TljhHooks[Name]["result"];
  };
};

/** Holds one adapter for each plugin, which hands its calls on to where the plugin lives. */
export type HookManager = PluginManager<CalledHooks>;

export function createHookManager(): HookManager {
  const manager = new PluginManager<CalledHooks>(project);
  const specs = Object.entries(hookspecs).map(([name, spec]): [string, Hookspec] => [
    name,
    { ...spec, arguments: calledWith(name, spec) },
  ]);
  manager.addHookspecs(Object.fromEntries(specs));
  return manager;
}

/** A manager that has one plugin of another's alone, so that what a call does is known to be its own. */
export function aloneIn(manager: Pick<HookManager, "getPlugin">, plugin: string): HookManager {
  const alone = createHookManager();
  const found = manager.getPlugin(plugin);
  if (found) alone.register(found, plugin);
  return alone;
}

function calledWith(name: string, spec: Hookspec): readonly string[] {
  if (name === CONFIG_HOOK) return ["assignments"];
  return spec.arguments.filter((argument) => argument !== "settings");
}
