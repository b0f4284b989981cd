import { createHookimplMarker } from "@tljh/pluggy";
import { project, type Settings, type TljhHooks } from "../hooks.ts";
import type { ImplementedHook } from "./host/protocol.ts";

type Arguments = Readonly<Record<string, unknown>>;

/** What a call came to: the plugin's answer, and what it made of the arguments. */
export interface CallResult {
  readonly value?: unknown;
  readonly arguments: Arguments;
}

/** Where a plugin lives, as its adapter sees it. */
export interface PluginHome {
  readonly hooks: readonly ImplementedHook[];
  call(hook: string, args: Arguments): Promise<CallResult>;
  /** What the plugin's hooks are given as `settings`, asked at each call. */
  settings(): Settings | Promise<Settings>;
}

const mark = createHookimplMarker<TljhHooks>(project);

/**
 * A plugin that lives elsewhere as a plugin of the manager. What it did to a map among its arguments, such as
 * `config`, is done to the caller's.
 */
export function adaptPlugin(home: PluginHome): object {
  return Object.fromEntries(home.hooks.map((hook) => [hook.name, adaptHook(home, hook)]));
}

function adaptHook(home: PluginHome, hook: ImplementedHook): object {
  const { name, arguments: wanted, tryfirst, trylast } = hook;
  const given = wanted.filter((argument) => argument !== "settings");
  const implementation = async (args: Arguments): Promise<unknown> => {
    const asked: Record<string, unknown> = Object.fromEntries(given.map((one) => [one, args[one]]));
    if (given.length < wanted.length) asked.settings = await home.settings();
    const { value, arguments: after } = await home.call(name, asked);
    for (const each of given) overwrite(args[each], after[each]);
    return value;
  };
  // Python's plugins may have functions for hooks that there were once, or that there will be.
  const options = { arguments: given, tryfirst, trylast, optionalhook: true };
  return mark(implementation as never, options);
}

/** Makes `target` hold what `after` holds, in place, so that whoever has it sees what the plugin changed. */
function overwrite(target: unknown, after: unknown): void {
  if (Array.isArray(target) && Array.isArray(after)) target.splice(0, target.length, ...after);
  if (!isMap(target) || !isMap(after)) return;
  for (const key of Object.keys(target)) if (!Object.hasOwn(after, key)) delete target[key];
  for (const [key, value] of Object.entries(after)) if (key !== "__proto__") target[key] = value;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
