import type { Installation } from "../../install/installation.ts";
import { findPackages } from "../../install/plugins/find.ts";
import type { PluginPackage } from "../../install/plugins/inventory.ts";
import { applyServer } from "../apply.ts";
import { recordedServer } from "./recorded.ts";

export interface SwitchFlags {
  readonly skipFailingPlugins?: boolean;
  readonly json?: boolean;
  readonly timings?: boolean;
}

/** `tljh plugin disable` and `tljh plugin enable`. */
export async function switchPlugins(
  names: readonly string[],
  isOn: boolean,
  flags: SwitchFlags,
): Promise<void> {
  const verb = isOn ? "enable" : "disable";
  const { paths, wanted: before, pins, inventory } = await recordedServer(`tljh plugin ${verb}`);
  const wanted = switched(before, pluginNames(names, before, inventory), isOn);
  const { json = false, timings } = flags;
  if (wanted.disabled?.length === before.disabled?.length && !json)
    process.stdout.write(`Already ${verb}d: ${names.join(", ")}.\n`);
  const skipFailing = flags.skipFailingPlugins ?? false;
  await applyServer({ paths, wanted, pins, admins: [], json, skipFailing, timings });
}

/** The plugins that names stand for: of a package all that are in it. One that is gone can still be enabled. */
function pluginNames(
  names: readonly string[],
  { disabled = [] }: Installation,
  inventory: readonly PluginPackage[],
): string[] {
  const known = new Set([...disabled, ...inventory.flatMap(({ plugins }) => plugins)]);
  return names.flatMap((name) =>
    known.has(name) ? [name] : findPackages(inventory, [name]).flatMap(({ plugins }) => plugins),
  );
}

/** What a server is asked to hold with plugins in or out of use. */
function switched(wanted: Installation, names: readonly string[], isOn: boolean): Installation {
  const { disabled = [], ...rest } = wanted;
  const others = disabled.filter((name) => !names.includes(name));
  const now = isOn ? others : [...new Set([...others, ...names])].sort();
  return { ...rest, ...(now.length > 0 ? { disabled: now } : {}) };
}
