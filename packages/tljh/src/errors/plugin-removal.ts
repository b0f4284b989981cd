import { TljhError } from "./error.ts";

export function pluginRemovalFailed(packages: readonly string[], cause: unknown): TljhError {
  return new TljhError("PLUGIN_REMOVAL_FAILED", {
    message: `Plugins could not be removed (${packages.join(", ")}): ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy:
      "Mend what stands in the way, then run the same command again; all is as it was before.",
    cause,
  });
}
