import { pathToFileURL } from "node:url";
import { pluginImportFailed } from "../errors/plugins.ts";
import { resolveOwnHooks } from "./resolve.ts";

/** Loads a plugin's module into this process. Throws `PLUGIN_IMPORT_FAILED`. */
export async function importPlugin(name: string, file: string): Promise<object> {
  resolveOwnHooks();
  let module: object;
  try {
    module = await import(pathToFileURL(file).href);
  } catch (cause) {
    throw pluginImportFailed(name, file, cause);
  }
  return pluginObject(module);
}

/** A module as a plugin: its exports, and the properties of its default export. */
export function pluginObject(module: object): object {
  const inner = "default" in module ? module.default : undefined;
  return typeof inner === "object" && inner !== null ? { ...inner, ...module } : module;
}
