import { hookTimeouts } from "../../config/hook-timeouts.ts";

/** Seconds that a plugin has to be loaded. */
export const LOAD_LIMIT = 120;

/** Seconds that a host has to start. */
export const START_LIMIT = 60;

/** Seconds by hook: `plugins.hook_timeout` of config.yaml, as it is written there. */
export type HookTimeouts = Readonly<Record<string, unknown>>;

const usual: Readonly<Record<string, number>> = hookTimeouts;

/** Seconds that a plugin has for a hook. What is no positive number in `timeouts` is passed over. */
export function hookLimit(hook: string, timeouts: HookTimeouts = {}): number {
  const wanted = Object.hasOwn(timeouts, hook) ? Number(timeouts[hook]) : Number.NaN;
  return wanted > 0 && wanted <= 86_400 ? wanted : (usual[hook] ?? 60);
}
