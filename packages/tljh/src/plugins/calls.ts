import type { Settled } from "@tljh/pluggy";
import { pluginConfigNotData } from "../errors/plugins.ts";
import type { TljhConfig } from "../hooks.ts";
import type { HookManager } from "./manager.ts";

/**
 * Calls `tljh_config_post_install` with a copy of `config.yaml`'s content and gives back what the
 * plugins made of it. `config` itself stays as it is, also when a plugin fails.
 */
export async function callConfigPostInstall(
  manager: HookManager,
  config: Readonly<Record<string, unknown>>,
): Promise<TljhConfig> {
  const copy = structuredClone(config) as TljhConfig;
  const hook = manager.hook.tljh_config_post_install;
  await hook.async({ config: copy });
  const wrong = findOther(copy, "", []);
  if (wrong) throw pluginConfigNotData(wrong.path, wrong.value, hook.plugins());
  return copy;
}

/** Calls `tljh_post_install` of every plugin; the first that fails ends it. */
export async function callPostInstall(manager: HookManager): Promise<void> {
  await manager.hook.tljh_post_install.async({});
}

/** Calls `tljh_new_user_create` of every plugin, whether or not others fail, and says how each ended. */
export async function callNewUserCreate(
  manager: HookManager,
  username: string,
): Promise<Settled<undefined>[]> {
  return manager.hook.tljh_new_user_create.allSettled({ username });
}

/** The first value that is no plain data, or that holds itself. */
function findOther(
  value: unknown,
  path: string,
  above: readonly object[],
): { path: string; value: unknown } | undefined {
  if (value === null || value === undefined || typeof value === "boolean") return undefined;
  if (typeof value === "string" || (typeof value === "number" && Number.isFinite(value))) {
    return undefined;
  }
  if (typeof value !== "object" || above.includes(value) || !isPlain(value)) return { path, value };
  for (const [key, inner] of Object.entries(value)) {
    const found = findOther(inner, path === "" ? key : `${path}.${key}`, [...above, value]);
    if (found) return found;
  }
  return undefined;
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
