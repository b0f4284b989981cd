import { readFile, stat } from "node:fs/promises";
import { isAbsolute, join, normalize, sep } from "node:path";
import { pluginFileMissing, pluginFileOutside, pluginManifestInvalid } from "../errors/plugins.ts";
import { readTextOrNull } from "../system/files.ts";

/** What `package.json` says of a plugin package: `"tljh": {"plugins": {<name>: <file>}}`. */
export interface PluginManifest {
  readonly name: string;
  readonly version: string;
  /** Whether `dependencies` names any package. */
  readonly hasDependencies: boolean;
  readonly plugins: readonly PluginFile[];
}

export interface PluginFile {
  readonly name: string;
  /** Absolute. */
  readonly file: string;
}

export const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const PLUGIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

type Json = Record<string, unknown>;

function isMap(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True if the folder has a `package.json` that says it is a plugin, rightly or not. */
export async function hasPluginManifest(folder: string): Promise<boolean> {
  const path = join(folder, "package.json");
  const text = await readTextOrNull(path);
  return text?.includes('"tljh"') === true && "tljh" in parse(path, text);
}

/** Reads and checks the manifest of a plugin package, and that its files exist. */
export async function readManifest(folder: string): Promise<PluginManifest> {
  const path = join(folder, "package.json");
  const json = parse(path, await readFile(path, "utf8").catch(unreadable(path)));
  const { name, version, dependencies } = json;
  if (typeof name !== "string" || !PACKAGE_NAME.test(name)) {
    throw pluginManifestInvalid(
      path,
      `its "name" is ${JSON.stringify(name)}, not that of a package`,
    );
  }
  const plugins = await Promise.all(readPlugins(path, folder, json.tljh).map(builtFile));
  for (const plugin of plugins) await checkFile(plugin, path);
  return {
    name,
    version: typeof version === "string" ? version : "0",
    hasDependencies: isMap(dependencies) && Object.keys(dependencies).length > 0,
    plugins,
  };
}

function unreadable(path: string): (cause: unknown) => never {
  return (cause) => {
    throw pluginManifestInvalid(path, "it cannot be read", cause);
  };
}

function parse(path: string, text: string): Json {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw pluginManifestInvalid(path, "it is not JSON", cause);
  }
  if (!isMap(json)) throw pluginManifestInvalid(path, "it is not a JSON object");
  return json;
}

function readPlugins(path: string, folder: string, section: unknown): PluginFile[] {
  const plugins = isMap(section) ? section.plugins : undefined;
  if (!isMap(plugins) || Object.keys(plugins).length === 0) {
    throw pluginManifestInvalid(path, 'it has no "tljh" section that names plugins');
  }
  return Object.entries(plugins).map(([name, file]) => {
    if (!PLUGIN_NAME.test(name)) {
      throw pluginManifestInvalid(path, `${JSON.stringify(name)} is no name of a plugin`);
    }
    if (typeof file !== "string" || file === "") {
      throw pluginManifestInvalid(path, `the file of plugin ${name} is ${JSON.stringify(file)}`);
    }
    const inside = normalize(file);
    if (isAbsolute(inside) || inside === ".." || inside.startsWith(`..${sep}`)) {
      throw pluginFileOutside(name, file, path);
    }
    return { name, file: join(folder, inside) };
  });
}

/**
 * Below `node_modules` Node takes the types out of no file. There the JavaScript beside a file in TypeScript
 * is the plugin's, as its author's compiler has left it when the package was published.
 */
async function builtFile(plugin: PluginFile): Promise<PluginFile> {
  if (!plugin.file.includes(`${sep}node_modules${sep}`)) return plugin;
  const file = plugin.file.replace(/\.([mc]?)ts$/, ".$1js");
  return (await stat(file).catch(() => null))?.isFile() ? { ...plugin, file } : plugin;
}

async function checkFile(plugin: PluginFile, manifest: string): Promise<void> {
  const found = await stat(plugin.file).catch(() => null);
  if (!found?.isFile()) throw pluginFileMissing(plugin.name, plugin.file, manifest);
}
