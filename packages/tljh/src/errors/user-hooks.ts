import { TljhError } from "./error.ts";
import type { PluginHook } from "./plugins.ts";

/** A variable that a plugin has set, and why the server does not get it. */
export interface RefusedVariable {
  readonly name: string;
  readonly why: string;
}

const shownVariables = 5;

/** A plugin changed a server's environment in a way that is not taken over; the rest of what it did is. */
export function pluginEnvironmentRefused(
  plugin: string,
  refused: readonly RefusedVariable[],
): TljhError {
  const shown = refused
    .slice(0, shownVariables)
    .map(({ name, why }) => `${JSON.stringify(name.slice(0, 80))} ${why}`);
  const more = refused.length - shown.length;
  return new TljhError("PLUGIN_ENVIRONMENT_REFUSED", {
    message: `Plugin ${plugin} changed variables in tljh_pre_spawn that stay as they were: ${shown.join(", ")}${more > 0 ? `, and ${more} more` : ""}`,
    remedy:
      "Let the plugin set only strings, under names of letters, digits and _, and leave JUPYTERHUB_… and JPY_… alone.",
  });
}

/** The user waits no longer; the plugin may still be at work. */
export function pluginHookLate({ plugin, hook }: PluginHook, milliseconds: number): TljhError {
  return new TljhError("PLUGIN_HOOK_LATE", {
    message: `Plugin ${plugin} had not ended ${hook} after ${Math.round(milliseconds / 1000)} seconds, and the user was kept waiting no longer`,
    remedy: `Let the plugin do less, or in the background; or give servers more time to start (c.Spawner.start_timeout), of which plugins get their part. Without the plugin: sudo tljh plugin disable ${plugin}`,
  });
}
