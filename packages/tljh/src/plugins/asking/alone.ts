import type { PluginHook } from "../../errors/plugins.ts";
import { aloneIn, type CalledHooks, type HookManager } from "../manager.ts";

/** A plugin that has failed, and in which hook; null where it could not be loaded. */
export interface FailedPlugin extends Omit<PluginHook, "hook"> {
  readonly hook: string | null;
  readonly error: unknown;
}

/**
 * Calls a hook of one plugin, whose failure then ends nothing else, and gives back its answers. A wrapper
 * among its implementations wraps its own alone.
 */
export async function callAlone<Name extends keyof CalledHooks>(
  manager: HookManager,
  plugin: string,
  hook: Name,
  args: CalledHooks[Name]["arguments"],
): Promise<unknown[]> {
  const answers = await aloneIn(manager, plugin).hook[hook].byPluginAsync(args);
  return answers.map(({ value }) => value);
}
