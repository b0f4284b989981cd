import { TljhError } from "./error.ts";

/** What a plugin threw, where it says neither code nor remedy itself. */
export function pluginFailed(cause: unknown): TljhError {
  return new TljhError("PLUGIN_FAILED", {
    message: cause instanceof Error ? cause.message : String(cause),
    remedy: "Mend the plugin, or remove it.",
    cause,
  });
}
