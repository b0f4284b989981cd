import { resolve } from "node:path";
import { nearest } from "../../config/near.ts";
import { pluginUnknown } from "../../errors/plugin-commands.ts";
import { publicSpec } from "../../plugins/index.ts";
import { normalName } from "../distributions.ts";
import type { PluginPackage } from "./inventory.ts";

/**
 * The packages that names stand for, each once: the name of a plugin, of its package, or the spec by
 * which it was asked for. Throws `PLUGIN_UNKNOWN` with the name that may have been meant.
 */
export function findPackages(
  inventory: readonly PluginPackage[],
  names: readonly string[],
  cwd: string = process.cwd(),
): PluginPackage[] {
  return [...new Set(names.map((name) => findPackage(inventory, name, cwd)))];
}

function findPackage(
  inventory: readonly PluginPackage[],
  name: string,
  cwd: string,
): PluginPackage {
  const found =
    inventory.find(({ plugins }) => plugins.includes(name)) ??
    inventory.find((one) => isPackage(one, name)) ??
    inventory.find(({ request }) => request !== null && isSpec(request.spec, name, cwd));
  if (found) return found;
  const known = inventory.flatMap(namesOf);
  throw pluginUnknown(
    name,
    nearest(name, known),
    inventory.flatMap(({ plugins }) => plugins),
  );
}

function isPackage({ package: own, language }: PluginPackage, name: string): boolean {
  return own === name || (language === "python" && normalName(own) === normalName(name));
}

function isSpec(spec: string, name: string, cwd: string): boolean {
  return spec === name || publicSpec(spec) === name || spec === resolve(cwd, name);
}

/** What a package may be called by. */
function namesOf({ plugins, package: name, request }: PluginPackage): string[] {
  return [...plugins, name, ...(request ? [publicSpec(request.spec)] : [])];
}
