import { pluginNameUnusable } from "../../errors/plugin-authors.ts";

/** What one plugin is called in each of the places that name it. */
export interface PluginNames {
  /** The package's, for npm or pip: `tljh-stars`, `@observatory/tljh-stars`. */
  readonly package: string;
  /** The folder's: the package's without its scope. */
  readonly folder: string;
  /** The plugin's own, in messages and reports: `stars`. */
  readonly plugin: string;
  /** The file's without its ending, which Python imports: `tljh_stars`. */
  readonly module: string;
}

export type Language = "typescript" | "python";

const LONGEST = 100;
const SCOPE = /^@[a-z0-9][a-z0-9-]*\//;
/** What both npm and PEP 503 take as it stands. */
const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/**
 * The names of a new plugin. `tljh-` is put in front of what does not begin with it, so that the package
 * says what it is for and takes nobody's name. Throws `PLUGIN_NAME_UNUSABLE`.
 */
export function pluginNames(given: string, language: Language): PluginNames {
  const [scope = ""] = SCOPE.exec(given) ?? [];
  const name = given.slice(scope.length);
  if (scope !== "" && language === "python")
    throw pluginNameUnusable(given, "only packages of npm have a scope", name);
  const plugin = name.replace(/^tljh-/, "");
  const problem = problemOf(name, plugin);
  if (problem) throw pluginNameUnusable(given, problem, proposal(scope, name));
  const folder = `tljh-${plugin}`;
  return {
    package: `${scope}${folder}`,
    folder,
    plugin,
    module: folder.replaceAll("-", "_"),
  };
}

function problemOf(name: string, plugin: string): string | undefined {
  if (name === "tljh" || plugin === "") return "it is that of The Littlest JupyterHub itself";
  if (name.length > LONGEST) return `it has more than ${LONGEST} characters`;
  if (!NAME.test(name)) return "npm or pip would not take it as it stands";
  return undefined;
}

/** The nearest name that can be used, if there is one. */
function proposal(scope: string, name: string): string | undefined {
  const near = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  const plugin = near.replace(/^tljh-/, "");
  return near === name || problemOf(near, plugin) ? undefined : `${scope}${near}`;
}
