import { isDeepStrictEqual } from "node:util";
import { readManifest } from "../manifest.ts";
import { type PluginSource, packageFolder } from "../sources.ts";
import type { LockedArchive, LockedPlugin, NpmTree } from "./format.ts";
import { npmEntry, readNpmTree } from "./npm-tree.ts";
import { publicSpec } from "./public-spec.ts";

/** A package of `<prefix>/plugins` as a lock names it; `tree` is npm's lock of that folder. */
export async function lockedSource(
  plugins: string,
  source: PluginSource,
  tree: NpmTree | null,
): Promise<LockedPlugin> {
  const folder = packageFolder(plugins, source);
  const { version } = await readManifest(folder);
  const common = { spec: publicSpec(source.spec), package: source.package, version };
  if (source.kind === "npm") {
    const { integrity, resolved } = npmEntry(tree, source.package);
    return {
      ...common,
      kind: "npm",
      ...(integrity === undefined ? {} : { integrity }),
      ...(resolved === undefined ? {} : { resolved }),
    };
  }
  const npm = await readNpmTree(folder);
  return {
    ...common,
    kind: "folder-npm",
    content: source.content ?? "",
    ...(npm === null ? {} : { npm }),
  };
}

/** Whether a plugin is what its pin says; a pin need not say all. */
export function meetsPin(found: LockedPlugin, pin: LockedPlugin): boolean {
  const { archives: wanted = [], ...rest } = withArchives(pin);
  const { archives: there = [], ...same } = withArchives(found);
  const facts: Readonly<Record<string, unknown>> = same;
  return (
    Object.entries(rest).every(([name, value]) => isDeepStrictEqual(facts[name], value)) &&
    wanted.every((archive) => there.some((one) => isDeepStrictEqual(one, archive)))
  );
}

const withArchives = (plugin: LockedPlugin): LockedPlugin & { archives?: LockedArchive[] } =>
  plugin;
