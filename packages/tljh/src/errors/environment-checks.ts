import { TljhError } from "./error.ts";

/** Where the environment is kept that a check refused, and what becomes of it. */
const keptIn = (kept: string) =>
  `The environment in use was left as it is, and the changed one is kept in ${kept}`;
const remedyWith = (remedy: string) =>
  `${remedy} sudo tljh env gc removes the environment that is kept.`;

/** A program that every environment must have does not start. */
export function checkFailed(
  environment: string,
  what: string,
  said: string,
  kept: string,
): TljhError {
  return new TljhError("INSTALL_CHECK_FAILED", {
    message: `The changed ${environment} environment does not work: ${what} failed. ${keptIn(kept)}\n${said}`,
    remedy: remedyWith(
      "Remove or pin the package that breaks it, then run the same command again.",
    ),
  });
}

/** Modules of packages that were asked for, or that every environment must have. */
export function importsFailed(
  environment: string,
  failed: readonly { readonly module: string; readonly reason: string }[],
  kept: string,
): TljhError {
  const lines = failed.map(({ module, reason }) => `import ${module}: ${reason}`);
  return new TljhError("ENVIRONMENT_IMPORT_FAILED", {
    message: `The changed ${environment} environment does not work: modules of it cannot be imported. ${keptIn(kept)}\n${lines.join("\n")}`,
    remedy: remedyWith(
      "Remove or pin the package that breaks it, then run the same command again.",
    ),
  });
}

/** What `pip check` says of the changed environment and does not say of the one in use. */
export function requirementsWorse(
  environment: string,
  complaints: readonly string[],
  kept: string,
): TljhError {
  return new TljhError("ENVIRONMENT_REQUIREMENTS_UNMET", {
    message: `In the changed ${environment} environment Python packages lack what they require, which they do not in the one in use. ${keptIn(kept)}\n${complaints.join("\n")}`,
    remedy: remedyWith("Ask for versions that fit together, or leave one of the packages out."),
  });
}

/** A command that a plugin has tried in the changed environment. */
export function pluginRefuses(
  plugin: string,
  { name, command }: { readonly name: string; readonly command: readonly string[] },
  said: string,
  kept: string,
): TljhError {
  return new TljhError("ENVIRONMENT_PLUGIN_CHECK_FAILED", {
    message: `The changed user environment does not pass the check "${name}" of the plugin ${plugin}: ${command.join(" ")} failed. ${keptIn(kept)}\n${said}`,
    remedy: remedyWith(
      `Remove or pin the package that breaks it, or ask the author of ${plugin}, then run the same command again.`,
    ),
  });
}

/** A plugin's answer to `tljh_user_environment_checks` is no list of checks. */
export function pluginChecksInvalid(plugin: string, wrong: string): TljhError {
  return new TljhError("PLUGIN_CHECKS_INVALID", {
    message: `Plugin ${plugin} answered tljh_user_environment_checks with ${wrong}`,
    remedy:
      'Let it return a list of checks such as { name: "stars", command: ["python", "-c", "import stars"] }.',
  });
}
