import { pathToFileURL } from "node:url";
import { pluginImportFailed } from "../errors/plugins.ts";
import { readManifest } from "./manifest.ts";
import { resolveOwnHooks } from "./resolve.ts";
import { type PluginSource, packageFolder, readSources } from "./sources.ts";

/** A plugin that a package on disk offers. */
export interface NodePlugin {
  readonly name: string;
  readonly version: string;
  readonly package: string;
  /** As it was asked for. */
  readonly source: string;
  readonly file: string;
}

/** What became of one package: the plugins it offers, or why it offers none. */
export type FoundPackage =
  | { readonly source: PluginSource; readonly plugins: readonly NodePlugin[] }
  | { readonly source: PluginSource; readonly error: unknown };

/** Loads a module; `import()` unless a test says otherwise. */
export type ImportModule = (url: string) => Promise<object>;

/** The packages of `<prefix>/plugins` and the plugins in them, without loading any. */
export async function findNodePlugins(plugins: string): Promise<FoundPackage[]> {
  const found: FoundPackage[] = [];
  for (const source of await readSources(plugins)) {
    try {
      const manifest = await readManifest(packageFolder(plugins, source));
      const { version } = manifest;
      const common = { version, package: source.package, source: source.spec };
      found.push({ source, plugins: manifest.plugins.map((plugin) => ({ ...plugin, ...common })) });
    } catch (error) {
      found.push({ source, error });
    }
  }
  return found;
}

/** Loads a plugin's module. Hooks may be its exports or the properties of its default export. */
export async function importNodePlugin(
  plugin: NodePlugin,
  importModule: ImportModule = (url) => import(url),
): Promise<object> {
  resolveOwnHooks();
  let module: object;
  try {
    module = await importModule(pathToFileURL(plugin.file).href);
  } catch (cause) {
    throw pluginImportFailed(plugin.name, plugin.file, cause);
  }
  return pluginObject(module);
}

/** A module as a plugin: its exports, and the properties of its default export. */
export function pluginObject(module: object): object {
  const inner = "default" in module ? module.default : undefined;
  return typeof inner === "object" && inner !== null ? { ...inner, ...module } : module;
}
