import { stat } from "node:fs/promises";
import { pluginNameTaken } from "../errors/plugins.ts";
import type { PluginHost } from "./client/host.ts";
import type { PluginOrigin } from "./host/protocol.ts";
import type { LoadedPlugin, PluginFailure } from "./load.ts";
import { findNodePlugins } from "./node-plugins.ts";

/** A plugin that is there to be loaded. */
export interface Candidate extends Omit<LoadedPlugin, "hooks"> {
  readonly origin: PluginOrigin;
}

/** A candidate, or a package or host that offers none. */
type Found = Candidate | PluginFailure;

/** What the packages of `<prefix>/plugins` offer, by package. If there are any, the host starts meanwhile. */
export async function candidatesOfNode(
  plugins: string,
  host: PluginHost,
): Promise<readonly Found[]> {
  const packages = await findNodePlugins(plugins, () => host.start());
  return packages.flatMap((found): readonly Found[] => {
    const { package: name, spec } = found.source;
    if ("error" in found) return [{ name, source: spec, error: found.error }];
    return found.plugins.map((plugin) => ({
      name: plugin.name,
      version: plugin.version,
      source: plugin.source,
      language: "typescript",
      origin: { plugin: plugin.name, from: plugin.file },
    }));
  });
}

/** What the hub's environment offers, by name; nothing where there is none. */
export async function candidatesOfPython(
  host: PluginHost,
  python: string,
): Promise<readonly Found[]> {
  if (!(await stat(python).catch(() => null))) return [];
  try {
    const found = await host.find();
    return found.map(({ name, module, distribution, version }) => ({
      name,
      version: version || "0",
      source: distribution || module,
      language: "python",
      origin: { plugin: name, from: module },
    }));
  } catch (error) {
    return [{ name: null, source: python, error }];
  }
}

/** Gives each name to whoever asks for it first; the rest are failures. Disabled plugins get none. */
export function claimNames(disabled: readonly string[]) {
  const taken = new Map<string, string>();
  const leftOut: string[] = [];
  const claim = (found: readonly Found[], failures: PluginFailure[]): readonly Candidate[] =>
    found.flatMap((one): readonly Candidate[] => {
      if ("error" in one) {
        if (one.name === null || !disabled.includes(one.name)) failures.push(one);
        return [];
      }
      const { name, source } = one;
      const other = taken.get(name);
      if (disabled.includes(name)) leftOut.push(name);
      else if (other === undefined) taken.set(name, source);
      else failures.push({ name, source, error: pluginNameTaken(name, source, other) });
      return disabled.includes(name) || other !== undefined ? [] : [one];
    });
  return Object.assign(claim, { leftOut });
}
