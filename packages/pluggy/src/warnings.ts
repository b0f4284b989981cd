import { type Place, reasonOf } from "./errors.ts";

/** What is not wrong enough for an error: nothing was refused, and nothing stopped. `code` is stable. */
export interface PluggyWarning {
  readonly severity: "warning";
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly plugin: string;
  readonly hook: string;
}

export type WarningSink = (warning: PluggyWarning) => void;

/** Where warnings go unless the manager is given another place: the process's own warnings, on standard error. */
export function emitWarning({ code, message, remedy }: PluggyWarning): void {
  process.emitWarning(message, { type: "PluggyWarning", code, detail: remedy });
}

/** A plugin implements a hook of which the specification says why not to. */
export function hookDiscouraged(place: Place, reason: string): PluggyWarning {
  return {
    severity: "warning",
    code: "PLUGGY_HOOK_DISCOURAGED",
    plugin: place.plugin,
    hook: place.hook,
    message: `Plugin ${place.plugin} implements ${place.hook}: ${reason}`,
    remedy: "It works for now. Have the plugin changed before it does not.",
  };
}

/** A plugin asks for an argument of which the specification says why not to. */
export function argumentDiscouraged(place: Place, name: string, reason: string): PluggyWarning {
  return {
    severity: "warning",
    code: "PLUGGY_ARGUMENT_DISCOURAGED",
    plugin: place.plugin,
    hook: place.hook,
    message: `Plugin ${place.plugin} asks ${place.hook} for ${name}: ${reason}`,
    remedy: "It works for now. Have the plugin changed before it does not.",
  };
}

export function teardownFailed(place: Place, error: unknown): PluggyWarning {
  return {
    severity: "warning",
    code: "PLUGGY_TEARDOWN_FAILED",
    plugin: place.plugin,
    hook: place.hook,
    message: `Plugin ${place.plugin} threw behind the yield of its hookwrapper of ${place.hook}: ${reasonOf(error)}`,
    remedy: "Call outcome.forceException(…) there, or make it a wrapper, which may throw.",
  };
}
