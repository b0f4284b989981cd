import { readManifest } from "./manifest.ts";
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

/**
 * The packages of `<prefix>/plugins` and the plugins in them, without loading any. `begin` is called before
 * they are read, unless there are none.
 */
export async function findNodePlugins(
  plugins: string,
  begin: () => void = () => {},
): Promise<FoundPackage[]> {
  const sources = await readSources(plugins);
  if (sources.length > 0) begin();
  return Promise.all(
    sources.map(async (source) => {
      try {
        const manifest = await readManifest(packageFolder(plugins, source));
        const { version } = manifest;
        const common = { version, package: source.package, source: source.spec };
        return { source, plugins: manifest.plugins.map((plugin) => ({ ...plugin, ...common })) };
      } catch (error) {
        return { source, error };
      }
    }),
  );
}
