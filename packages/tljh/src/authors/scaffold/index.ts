import type { Language, PluginNames } from "./names.ts";
import { pythonFiles } from "./python.ts";
import type { Files } from "./shared.ts";
import { type TypeScriptOptions, typescriptFiles } from "./typescript.ts";

export { type Language, pluginNames } from "./names.ts";
export { writeFiles } from "./write.ts";

/** A new plugin that works as it is: its hooks, manifest, tests, README and licence. */
export function pluginFiles(
  names: PluginNames,
  language: Language,
  options: TypeScriptOptions,
): Files {
  return language === "python" ? pythonFiles(names, options) : typescriptFiles(names, options);
}
