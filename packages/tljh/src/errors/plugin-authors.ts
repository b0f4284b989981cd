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

/** pip can install it, but nothing of it would ever be called. */
export function pluginEntryPointMissing(spec: string): TljhError {
  return new TljhError("PLUGIN_ENTRY_POINT_MISSING", {
    message: `${spec} is no plugin: it has no entry point in the group tljh`,
    remedy: `Name its module in pyproject.toml: [project.entry-points.tljh] stars = "tljh_stars".`,
  });
}

/** A Python hook that is wrong in itself; `tljh plugin check` tells all of them. */
export function pluginHookFaulty(
  plugin: string,
  fault: { readonly hook: string; readonly message: string },
): TljhError {
  return new TljhError("PLUGIN_HOOK_FAULTY", {
    message: `Plugin ${plugin} implements ${fault.hook} wrongly: ${fault.message}`,
    remedy:
      "See how the hook is written in docs/hooks.md, or mark it: @hookimpl(optionalhook=True).",
  });
}

/** Several hooks of one plugin are wrong in themselves. */
export function pluginFaulty(plugin: string, faults: readonly Error[]): TljhError {
  return new TljhError("PLUGIN_FAULTY", {
    message: `Plugin ${plugin} has ${faults.length} hooks that are wrong:\n${faults.map(({ message }) => message).join("\n")}`,
    remedy: "See how each hook is written in docs/hooks.md.",
  });
}

/** What `tljh_config_post_install` makes of config.yaml could not be used. */
export function pluginConfigUnusable(
  plugin: string,
  problem: { readonly message: string },
): TljhError {
  return new TljhError("PLUGIN_CONFIG_UNUSABLE", {
    message: `Plugin ${plugin} makes a config.yaml that cannot be used: ${problem.message}`,
    remedy:
      "Let tljh_config_post_install set only what an administrator could, and only what is not set.",
  });
}
