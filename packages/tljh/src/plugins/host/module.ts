import { PluginManager } from "@tljh/pluggy";
import { pluginFaulty } from "../../errors/plugin-authors.ts";
import { hookspecs, project, type TljhHookName, type TljhHooks } from "../../hooks.ts";
import { CONFIG_HOOK, type ImplementedHook } from "./protocol.ts";

/**
 * A plugin in TypeScript in the process that it was loaded in, by itself: what it implements is checked
 * against the specifications, and a call reaches no other plugin.
 */
export class PluginModule {
  readonly #manager = new PluginManager<TljhHooks>(project);
  readonly #name: string;

  /**
   * Throws what `PluginManager.register` does for a plugin that implements a hook wrongly, or
   * `PLUGIN_FAULTY`, which tells them all.
   */
  constructor(name: string, module: object) {
    this.#name = name;
    this.#manager.addHookspecs(hookspecs);
    try {
      this.#manager.register(module, name);
    } catch (error) {
      const faults = faultsOf(name, module);
      throw faults.length > 1 ? pluginFaulty(name, faults) : error;
    }
  }

  hooks(): readonly ImplementedHook[] {
    return this.#manager
      .getImplementations(this.#name)
      .map(({ hook: name, tryfirst, trylast }) => ({
        name,
        arguments: argumentsOf(name),
        tryfirst,
        trylast,
      }));
  }

  /** What the plugin answers, null where it answers nothing. Two implementations of one hook give one list. */
  async call(hook: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
    const results = await this.#manager.hook[hook as TljhHookName].async(args as never);
    return results.length < 2 ? (results[0] ?? null) : results.flat();
  }
}

/** What is wrong with each hook by itself. */
function faultsOf(name: string, module: object): Error[] {
  return Object.entries(module).flatMap(([key, value]) => {
    const manager = new PluginManager<TljhHooks>(project);
    manager.addHookspecs(hookspecs);
    try {
      manager.register({ [key]: value }, name);
      return [];
    } catch (error) {
      return error instanceof Error ? [error] : [];
    }
  });
}

/** All that the hook has; of the configuration, what it is recorded on. */
function argumentsOf(hook: string): readonly string[] {
  if (hook === CONFIG_HOOK) return ["assignments", "settings"];
  return hookspecs[hook as TljhHookName].arguments;
}
