import type { TljhEvent } from "../events.ts";
import { TljhError } from "./error.ts";

export function pluginRemovalFailed(packages: readonly string[], cause: unknown): TljhError {
  return new TljhError("PLUGIN_REMOVAL_FAILED", {
    message: `Plugins could not be removed (${packages.join(", ")}): ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy:
      "Mend what stands in the way, then run the same command again; all is as it was before.",
    cause,
  });
}

export function ledgerUnreadable(path: string, cause: unknown): TljhError {
  return new TljhError("PLUGIN_LEDGER_UNREADABLE", {
    message: `The record of what plugins have contributed cannot be read (${path})`,
    remedy: `Restore the file from a backup. Without it (sudo rm ${path}) a new one is begun: then nothing is taken away of what plugins contributed before.`,
    cause,
  });
}

/** Told when a plugin that fails takes no part in an installation, because the admin wanted it so. */
export function pluginSkipped(failure: {
  readonly plugin: string;
  readonly message: string;
  readonly remedy: string;
}): TljhEvent {
  return {
    type: "warning",
    code: "PLUGIN_SKIPPED",
    message: `Plugin ${failure.plugin} takes no part, what it contributed before stays: ${failure.message}. What to do: ${failure.remedy}`,
  };
}

/** Told when a plugin takes the place of what the admin has set in `config.yaml`. */
export function settingOverwritten(plugin: string, change: string): TljhEvent {
  return {
    type: "warning",
    code: "PLUGIN_SETTING_OVERWRITTEN",
    message: `Plugin ${plugin} changes config.yaml: ${change}`,
  };
}

export function pipRemovalFailed(
  environment: string,
  distributions: readonly string[],
  said: string,
): TljhError {
  return new TljhError("INSTALL_PIP_REMOVAL_FAILED", {
    message: `pip could not take ${distributions.join(" ")} out of the ${environment} environment, which was left as it is:\n${said}`,
    remedy: "Mend what pip names, then run the same command again.",
  });
}

export function aptRemovalFailed(names: readonly string[], said: string): TljhError {
  return new TljhError("INSTALL_APT_REMOVAL_FAILED", {
    message: `apt could not take out ${names.join(" ")}:\n${said}`,
    remedy: "Mend what apt names (sudo apt-get check), then run the same command again.",
  });
}
