import { PluginManager } from "@tljh/pluggy";
import { hookspecs, project, type TljhHookName, type TljhHooks } from "../../hooks.ts";

/** One hook of a plugin, and its place in the order of calls. */
export interface ImplementedHook {
  readonly name: string;
  /** The arguments that the plugin is to be given. */
  readonly arguments: readonly string[];
  readonly tryfirst: boolean;
  readonly trylast: boolean;
}

/**
 * A plugin in TypeScript in the process that it was loaded in, by itself: what it implements is checked
 * against the specifications, and a call reaches no other plugin.
 */
export class LoadedPlugin {
  readonly #manager = new PluginManager<TljhHooks>(project);
  readonly #name: string;

  /** Throws what `PluginManager.register` does for a plugin that implements a hook wrongly. */
  constructor(name: string, module: object) {
    this.#name = name;
    this.#manager.addHookspecs(hookspecs);
    this.#manager.register(module, name);
  }

  hooks(): readonly ImplementedHook[] {
    const found = new Map<string, ImplementedHook>();
    for (const { hook: name, tryfirst, trylast } of this.#manager.getImplementations(this.#name)) {
      const args = hookspecs[name as TljhHookName].arguments;
      found.set(name, { name, arguments: args, tryfirst, trylast });
    }
    return [...found.values()];
  }

  /** What the plugin answers, null where it answers nothing. Two implementations of one hook give one list. */
  async call(hook: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
    const results = await this.#manager.hook[hook as TljhHookName].async(args as never);
    return results.length < 2 ? (results[0] ?? null) : results.flat();
  }
}
