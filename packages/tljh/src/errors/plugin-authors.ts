import { TljhError } from "./error.ts";

export function pluginNameUnusable(name: string, problem: string, proposal?: string): TljhError {
  return new TljhError("PLUGIN_NAME_UNUSABLE", {
    message: `${JSON.stringify(name)} cannot be the name of a plugin: ${problem}`,
    remedy: proposal
      ? `Try: tljh plugin new ${proposal}`
      : "Use lower-case letters, digits and single hyphens, as in: tljh plugin new tljh-stars",
  });
}

/** Nothing that is there is overwritten. */
export function pluginFolderOccupied(folder: string): TljhError {
  return new TljhError("PLUGIN_FOLDER_OCCUPIED", {
    message: `${folder} is there already, and is not an empty folder`,
    remedy:
      "Nothing in it was changed. Choose another name, or another folder with --directory, or move it away.",
  });
}

export function pluginFolderUnwritable(folder: string, cause: unknown): TljhError {
  return new TljhError("PLUGIN_FOLDER_UNWRITABLE", {
    message: `The plugin cannot be made in ${folder}: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy: "Run the command in a folder that is yours, or name one with --directory.",
    cause,
  });
}

/** A test calls a hook that the plugin does not have. */
export function pluginHookMissing(
  plugin: string,
  hook: string,
  implemented: readonly string[],
): TljhError {
  return new TljhError("PLUGIN_HOOK_MISSING", {
    message: `Plugin ${plugin} does not implement ${hook}`,
    remedy: `It implements ${implemented.join(", ") || "no hook at all"}. Mark the function with hookimpl, and export it under the hook's name.`,
  });
}

/** A package may offer several plugins. */
export function pluginNotTheOnly(
  folder: string,
  name: string | undefined,
  names: readonly string[],
) {
  return new TljhError("PLUGIN_NOT_THE_ONLY", {
    message: name
      ? `${folder} has no plugin that is called ${name}`
      : `${folder} has ${names.length} plugins, and it is not said which one is meant`,
    remedy: `Give the name of one of them: ${names.join(", ")}.`,
  });
}

export function pluginTestsMissing(folder: string, name: string): TljhError {
  return new TljhError("PLUGIN_TESTS_MISSING", {
    message: `${folder} has no tests`,
    remedy: `Put them into files called ${name}; tljh plugin new makes a folder with some.`,
  });
}

/** There is no hub's environment, and this machine's Python lacks what plugins import. */
export function pluginPythonMissing(python: string, hub: string, said: string): TljhError {
  return new TljhError("PLUGIN_PYTHON_MISSING", {
    message: `No Python for plugins: ${hub} has none, and ${python} cannot import tljh.testing:\n${said.trim().split("\n").at(-1)}`,
    remedy:
      "Run the command on a server with The Littlest JupyterHub, whose hub environment has all that a plugin imports; an older one is brought up to date by: sudo tljh install",
  });
}

/** What a test gives as settings is not what the plugin declares. */
export function pluginTestSettings(plugin: string, wrong: readonly string[]): TljhError {
  return new TljhError("PLUGIN_TEST_SETTINGS", {
    message: `The settings that the test gives plugin ${plugin} are wrong: ${wrong.join("; ")}`,
    remedy: "Give what an administrator could write into the plugin's section of config.yaml.",
  });
}
