import { join } from "node:path";
import { pluginManifestInvalid } from "../errors/plugins.ts";
import { readTextOrNull, writeFileAtomic } from "../system/files.ts";

/**
 * `<prefix>/plugins`, as it is on disk:
 *
 * - `package.json`: `dependencies` as npm keeps them, and below `tljh.sources` where each package came from
 * - `node_modules/<package>`: packages from npm, with their dependencies
 * - `folders/<package>`: copies of folders. They stand outside of `node_modules`, since Node removes
 *   types from no file below one; their dependencies, if any, are in `folders/<package>/node_modules`
 */
export interface PluginSource {
  readonly package: string;
  /** As it was asked for: `npm:<spec>`, or the absolute path of a folder. */
  readonly spec: string;
  readonly kind: "npm" | "folder-npm";
  /** SHA-256 of a folder's content when it was copied. */
  readonly content?: string;
  /** Set for a package that an admin has installed with npm, and that is nobody else's to remove. */
  readonly byHand?: true;
}

type Json = Record<string, unknown>;

export function packageFolder(
  plugins: string,
  source: Pick<PluginSource, "kind" | "package">,
): string {
  return join(plugins, source.kind === "npm" ? "node_modules" : "folders", source.package);
}

/** The packages of `<prefix>/plugins`, sorted by name; none if the folder is not there. */
export async function readSources(plugins: string): Promise<PluginSource[]> {
  const json = await readRoot(plugins);
  const tljh = (json.tljh ?? {}) as { sources?: Record<string, Omit<PluginSource, "package">> };
  const recorded = Object.entries(tljh.sources ?? {}).map(([name, source]) => ({
    ...source,
    package: name,
  }));
  const known = new Set(recorded.map((source) => source.package));
  const byHand = Object.entries((json.dependencies ?? {}) as Record<string, string>)
    .filter(([name]) => !known.has(name))
    .map(([name, range]) => ({
      package: name,
      spec: `npm:${name}@${range}`,
      kind: "npm" as const,
      byHand: true as const,
    }));
  return [...recorded, ...byHand].sort((a, b) => (a.package < b.package ? -1 : 1));
}

/** Records where the packages came from, leaving what npm keeps in the file. */
export async function writeSources(
  plugins: string,
  sources: readonly PluginSource[],
): Promise<void> {
  const json = await readRoot(plugins);
  const recorded = sources.filter((source) => !source.byHand);
  const entries = recorded.map(({ package: name, ...source }) => [name, source]);
  const next = { private: true, ...json, tljh: { sources: Object.fromEntries(entries) } };
  const text = `${JSON.stringify(next, null, 2)}\n`;
  await writeFileAtomic(join(plugins, "package.json"), text, { mode: 0o644 });
}

async function readRoot(plugins: string): Promise<Json> {
  const path = join(plugins, "package.json");
  const text = await readTextOrNull(path);
  if (text === null) return {};
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw pluginManifestInvalid(path, "it is not JSON", cause);
  }
}
