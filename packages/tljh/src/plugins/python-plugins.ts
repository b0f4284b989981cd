import { createHookimplMarker } from "@tljh/pluggy";
import type { PluginHook } from "../errors/plugins.ts";
import { project, type TljhHooks } from "../hooks.ts";
import { RpcError } from "../rpc/index.ts";
import type { PythonHost, PythonPlugin } from "./python-host.ts";

/** Called inside JupyterHub, with its real configuration; never through the host. */
const CALLED_BY_THE_HUB = "tljh_custom_jupyterhub_config";

type Arguments = Readonly<Record<string, unknown>>;

const mark = createHookimplMarker<TljhHooks>(project);

/** A Python plugin as a plugin of the manager: each implementation calls the host. */
export function adaptPythonPlugin(plugin: PythonPlugin, host: PythonHost): object {
  const called = plugin.hooks.filter((hook) => hook.name !== CALLED_BY_THE_HUB);
  const entries = called.map(({ name, arguments: names, tryfirst, trylast }) => {
    const implementation = async (args: Arguments): Promise<unknown> => {
      const asked = Object.fromEntries(names.map((each) => [each, args[each]]));
      const { value, arguments: after } = await host
        .call(plugin.name, name, asked)
        .catch((error: unknown) => fail(error, { plugin: plugin.name, hook: name }));
      for (const each of names) overwrite(args[each], after[each]);
      return value;
    };
    // The original ignores functions of plugins that implement no hook it knows.
    const options = { arguments: names, tryfirst, trylast, optionalhook: true };
    return [name, mark(implementation as never, options)];
  });
  return Object.fromEntries(entries);
}

/** What the host says of a hook that failed names plugin and hook already; the manager then leaves it as it is. */
function fail(error: unknown, place: PluginHook): never {
  if (error instanceof RpcError && error.code === "PLUGIN_HOOK_FAILED") Object.assign(error, place);
  throw error;
}

/** Makes `target` hold what `after` holds, in place, so that whoever has it sees what Python changed. */
function overwrite(target: unknown, after: unknown): void {
  if (!isMap(target) || !isMap(after)) return;
  for (const key of Object.keys(target)) if (!Object.hasOwn(after, key)) delete target[key];
  for (const [key, value] of Object.entries(after)) if (key !== "__proto__") target[key] = value;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
