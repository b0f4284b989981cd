import { type Hookspec, PluginManager } from "@tljh/pluggy";
import { hookspecs, project, type TljhHooks } from "../hooks.ts";

/** The hooks as the product calls them. Each plugin's `settings` are filled in on the way to it. */
export type CalledHooks = {
  readonly [Name in keyof TljhHooks]: {
    readonly arguments: Omit<TljhHooks[Name]["arguments"], "settings">;
    readonly result: TljhHooks[Name]["result"];
  };
};

/** Holds one adapter for each plugin, which hands its calls on to where the plugin lives. */
export type HookManager = PluginManager<CalledHooks>;

export function createHookManager(): HookManager {
  const manager = new PluginManager<CalledHooks>(project);
  const specs = Object.entries(hookspecs).map(([name, spec]): [string, Hookspec] => [
    name,
    { ...spec, arguments: spec.arguments.filter((argument) => argument !== "settings") },
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
