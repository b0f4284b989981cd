import { isExplained } from "../../errors/error.ts";
import { pluginFailed, pluginNotLoaded } from "../../errors/plugin-hosts.ts";
import type { Assignment } from "../../hub/assignments.ts";
import { recordConfig } from "../../hub/record.ts";
import { RpcError } from "../../rpc/error.ts";
import type { RpcMethods } from "../../rpc/server.ts";
import { importPlugin } from "../import.ts";
import { answerData } from "./answer.ts";
import { PluginModule } from "./module.ts";
import { CONFIG_HOOK, type PluginOrigin } from "./protocol.ts";
import type { Strays } from "./strays.ts";

type Arguments = Readonly<Record<string, unknown>>;

interface Call {
  readonly plugin: string;
  readonly hook: string;
  readonly arguments: Arguments;
}

/** The methods of the host of plugins in TypeScript; see `protocol.ts`. */
export function hostMethods(strays: Strays): RpcMethods {
  const modules = new Map<string, PluginModule>();
  const load = async ({ plugin, from }: PluginOrigin) => {
    const module = new PluginModule(plugin, await importPlugin(plugin, from));
    modules.set(plugin, module);
    return { hooks: module.hooks() };
  };
  const call = async ({ plugin, hook, arguments: args }: Call) => {
    const module = modules.get(plugin);
    if (!module) throw pluginNotLoaded(plugin, hook);
    if (hook === CONFIG_HOOK) return recorded(module, plugin, args);
    return answered(module, { plugin, hook, arguments: args });
  };
  const method =
    <Params extends { readonly plugin: string; readonly hook?: string }>(
      run: (params: Params) => Promise<unknown>,
    ) =>
    (params: Record<string, unknown>) => {
      const given = params as unknown as Params;
      const place = { plugin: given.plugin, hook: given.hook ?? null };
      return strays.run(place, () => run(given)).catch(fail);
    };
  return {
    "host.hello": () => ({}),
    "plugin.load": method(load),
    "hook.call": method(call),
  };
}

async function answered(module: PluginModule, { plugin, hook, arguments: args }: Call) {
  const value = await module.call(hook, args);
  const { settings: _, ...after } = args;
  return {
    value: answerData(value, { plugin, hook }, "returned"),
    arguments: answerData(after, { plugin, hook }, "left in an argument"),
  };
}

/** What the plugin does to JupyterHub's configuration, added to what was done before it. */
async function recorded(module: PluginModule, plugin: string, args: Arguments) {
  const before = (args.assignments ?? []) as readonly Assignment[];
  const { c, assignments } = recordConfig(before, plugin);
  await module.call(CONFIG_HOOK, { c, settings: args.settings });
  return { value: null, arguments: { assignments: [...before, ...assignments] } };
}

/** What is sent: code, message, remedy, and the place in the plugin's code. */
function fail(error: unknown): never {
  const explained = isExplained(error) ? error : pluginFailed(error);
  const { cause = error } = explained;
  const trace = cause instanceof Error ? cause.stack : undefined;
  const { code, message, remedy } = explained;
  throw RpcError.from({ code, message, remedy, ...(trace === undefined ? {} : { trace }) });
}
