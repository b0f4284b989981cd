import { TljhError } from "./error.ts";

export function pluginUnknown(
  name: string,
  near: string | undefined,
  plugins: readonly string[],
): TljhError {
  const known = plugins.length === 0 ? "There is none" : `There are: ${plugins.join(", ")}`;
  return new TljhError("PLUGIN_UNKNOWN", {
    message: `There is no plugin ${JSON.stringify(name)} on this server`,
    remedy: near === undefined ? `${known}. See: sudo tljh plugin list` : `Did you mean ${near}?`,
  });
}

/** pip or npm was used without us, so it is not known what else that was for. */
export function pluginByHand(name: string, language: "typescript" | "python"): TljhError {
  return new TljhError("PLUGIN_BY_HAND", {
    message: `The plugin package ${name} was installed by hand, and not with tljh`,
    remedy:
      language === "python"
        ? `Uninstall it as it was installed: sudo /opt/tljh/hub/bin/python -m pip uninstall ${name}`
        : "Uninstall it as it was installed: with npm, in the folder /opt/tljh/plugins.",
  });
}

export function pluginRemoveUnconfirmed(packages: readonly string[]): TljhError {
  return new TljhError("PLUGIN_REMOVE_UNCONFIRMED", {
    message: `Nothing was removed: there is no terminal to ask whether ${packages.join(", ")} shall go`,
    remedy: "In a script, say so beforehand: sudo tljh plugin remove --yes NAME",
  });
}

/** Only packages of an index or a registry have versions to choose from. */
export function pluginVersionNotChosen(spec: string): TljhError {
  return new TljhError("PLUGIN_VERSION_NOT_CHOSEN", {
    message: `--to cannot choose a version of ${spec}, which does not come from a package index`,
    remedy:
      "Ask for it anew, with the tag or commit in the address: sudo tljh plugin add git+https://HOST/REPOSITORY@TAG. A folder is copied again without --to.",
  });
}

export function pluginVersionInvalid(version: string): TljhError {
  return new TljhError("PLUGIN_VERSION_INVALID", {
    message: `${JSON.stringify(version)} is no version`,
    remedy: "Name one version, as in --to 1.4.2",
  });
}

export function pluginUpgradeUnresolved(spec: string, cause: unknown): TljhError {
  return new TljhError("PLUGIN_UPGRADE_UNRESOLVED", {
    message: `It cannot be told which version ${spec} leads to: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy: "Check the version and that the package index can be reached. Nothing was changed.",
    cause,
  });
}

export function notInstalled(prefix: string): TljhError {
  return new TljhError("PLUGIN_NO_SERVER", {
    message: `There is no Littlest JupyterHub in ${prefix} whose plugins could be changed`,
    remedy: "Install it, with its plugins: sudo tljh install --plugin SPEC",
  });
}

export function pluginUpgradeToOne(): TljhError {
  return new TljhError("PLUGIN_UPGRADE_TO_ONE", {
    message: "--to names a version of one plugin, and not of several",
    remedy: "Name the one that is meant: sudo tljh plugin upgrade NAME --to VERSION",
  });
}
