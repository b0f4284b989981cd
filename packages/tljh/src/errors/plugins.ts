import { TljhError } from "./error.ts";

/** A plugin and the hook that it implements. */
export interface PluginHook {
  readonly plugin: string;
  readonly hook: string;
}

const MANIFEST_EXAMPLE = `"tljh": { "plugins": { "<name>": "./<file>" } }`;

/** One line of at most 80 characters, whatever is shown. */
function shown(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    text = undefined;
  }
  text ??= String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}

export function pluginSpecInvalid(spec: string): TljhError {
  return new TljhError("PLUGIN_SPEC_INVALID", {
    message: `${shown(spec)} cannot name a plugin`,
    remedy:
      "Give the name of a Python package, npm:<package>, the path of a folder (./my-plugin), or a URL that pip understands.",
  });
}

export function pluginPathMissing(spec: string, path: string): TljhError {
  return new TljhError("PLUGIN_PATH_MISSING", {
    message: `The plugin ${spec} does not exist: there is nothing at ${path}`,
    remedy:
      "Check the path. A Python package is given by its bare name, an npm package as npm:<name>.",
  });
}

/** What was given as a plugin does not say which of its files is one. */
export function pluginWithoutManifest(
  given: { readonly folder: string } | { readonly spec: string },
): TljhError {
  return new TljhError(
    "PLUGIN_MANIFEST_MISSING",
    "folder" in given
      ? {
          message: `The folder ${given.folder} is no plugin: it has neither a package.json with a "tljh" section nor a pyproject.toml, setup.cfg or setup.py`,
          remedy: `Name the plugin's file in package.json: ${MANIFEST_EXAMPLE}.`,
        }
      : {
          message: `The package ${given.spec} is no plugin: its package.json has no "tljh" section`,
          remedy:
            "Check the name of the package. A Python package is given by its bare name, without npm:.",
        },
  );
}

export function pluginManifestInvalid(file: string, wrong: string, cause?: unknown): TljhError {
  return new TljhError("PLUGIN_MANIFEST_INVALID", {
    message: `${file} is no manifest of a plugin: ${wrong}`,
    remedy: `Mend it. The plugin's files are named like this: ${MANIFEST_EXAMPLE}.`,
    cause,
  });
}

export function pluginFileMissing(plugin: string, file: string, manifest: string): TljhError {
  return new TljhError("PLUGIN_FILE_MISSING", {
    message: `Plugin ${plugin} lacks its file: ${manifest} names ${file}, which does not exist`,
    remedy:
      'Correct the path in "tljh.plugins", or see that the file is part of the package ("files" in package.json).',
  });
}

export function pluginFileOutside(plugin: string, file: string, manifest: string): TljhError {
  return new TljhError("PLUGIN_FILE_OUTSIDE", {
    message: `Plugin ${plugin} names the file ${file} in ${manifest}, which is outside of its package`,
    remedy: "Name a file below the folder of package.json.",
  });
}

const IMPORT_REMEDIES: Readonly<Record<string, string>> = {
  ERR_MODULE_NOT_FOUND:
    'Correct the import, or add the missing package to "dependencies" in the plugin\'s package.json.',
  ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING:
    "A plugin from npm must ship JavaScript: publish it compiled, or add it from a folder, where TypeScript is fine.",
  ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX:
    "Only types are removed when the file is loaded: write it without enum, namespace and parameter properties, or ship JavaScript.",
  ERR_INVALID_TYPESCRIPT_SYNTAX: "Mend the syntax of the plugin's file.",
};

/** The plugin's file ended with an error when it was loaded, or cannot be read as a module at all. */
export function pluginImportFailed(plugin: string, file: string, cause: unknown): TljhError {
  return new TljhError("PLUGIN_IMPORT_FAILED", {
    message: `Plugin ${plugin} could not be loaded from ${file}: ${reason(cause)}`,
    remedy: IMPORT_REMEDIES[codeOf(cause)] ?? "Mend the plugin, or remove it.",
    cause,
  });
}

export function pluginNameTaken(plugin: string, source: string, other: string): TljhError {
  return new TljhError("PLUGIN_NAME_TAKEN", {
    message: `Two plugins are named ${plugin}: one from ${other}, one from ${source}`,
    remedy: "Remove one of the two, or rename it.",
  });
}

export function pluginInstallFailed(spec: string, cause: unknown): TljhError {
  const missing = ["E404", "ETARGET", "ENOVERSIONS"].includes(codeOf(cause));
  return new TljhError("PLUGIN_INSTALL_FAILED", {
    message: `The plugin ${spec} could not be installed: ${reason(cause)}`,
    remedy: missing
      ? "Check the name and the version of the package."
      : "Check the network, proxy and registry settings, then run the same command again; the plugins are as they were before.",
    cause,
  });
}

export function pluginResultNotAList({ plugin, hook }: PluginHook, value: unknown): TljhError {
  const advice = typeof value === "string" ? `[${shown(value)}]` : `["…"]`;
  return new TljhError("PLUGIN_RESULT_NOT_A_LIST", {
    message: `Plugin ${plugin} answered ${hook} with ${shown(value)}, which is not a list`,
    remedy: `Let it return a list: ${advice}.`,
  });
}

export function pluginResultEntryInvalid(
  { plugin, hook }: PluginHook,
  entry: unknown,
  wrong: string,
): TljhError {
  return new TljhError("PLUGIN_RESULT_ENTRY_INVALID", {
    message: `Plugin ${plugin} answered ${hook} with a list that holds ${shown(entry)}, which ${wrong}`,
    remedy: "Let it return a list of strings, each of them one name.",
  });
}

export function pluginResultTooLong(
  { plugin, hook }: PluginHook,
  length: number,
  limit: number,
): TljhError {
  return new TljhError("PLUGIN_RESULT_TOO_LONG", {
    message: `Plugin ${plugin} answered ${hook} with a list of ${length} entries; ${limit} are allowed`,
    remedy: "Let it name fewer packages, or one package that depends on the others.",
  });
}

export function pluginConfigNotData(
  path: string,
  value: unknown,
  plugins: readonly string[],
): TljhError {
  return new TljhError("PLUGIN_CONFIG_NOT_DATA", {
    message: `tljh_config_post_install left ${shown(value)} in config at ${path || "its top"}, which config.yaml cannot hold (implemented by ${plugins.join(", ")})`,
    remedy: "Let the plugin set only strings, numbers, booleans, null, lists and maps.",
  });
}
