import type { Settled } from "@tljh/pluggy";
import { callAlone, type FailedPlugin } from "./asking/alone.ts";
import type { HookManager } from "./manager.ts";

/** Calls `tljh_post_install` of these plugins; the first that fails ends it, unless it is not to stop. */
export async function callPostInstall(
  manager: HookManager,
  plugins: ReadonlySet<string>,
  { stop }: { readonly stop: boolean },
): Promise<readonly FailedPlugin[]> {
  const hook = "tljh_post_install";
  const failures: FailedPlugin[] = [];
  for (const plugin of new Set(manager.hook[hook].plugins())) {
    if (!plugins.has(plugin)) continue;
    try {
      await callAlone(manager, plugin, hook, {});
    } catch (error) {
      if (stop) throw error;
      failures.push({ plugin, hook, error });
    }
  }
  return failures;
}

/** Calls `tljh_new_user_create` of every plugin, whether or not others fail, and says how each ended. */
export async function callNewUserCreate(
  manager: HookManager,
  username: string,
): Promise<Settled<undefined>[]> {
  return manager.hook.tljh_new_user_create.allSettled({ username });
}
