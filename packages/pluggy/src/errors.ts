/** What went wrong, what to do about it, and in whose code. */
export interface PluggyErrorText {
  readonly message: string;
  readonly remedy: string;
  readonly plugin?: string;
  readonly hook?: string;
  readonly cause?: unknown;
}

/** The package's one error class. `code` is stable; `plugin` and `hook` name the culprit, if there is one. */
export class PluggyError extends Error {
  readonly code: string;
  readonly remedy: string;
  readonly plugin: string | undefined;
  readonly hook: string | undefined;

  constructor(code: string, text: PluggyErrorText) {
    super(text.message, text.cause === undefined ? undefined : { cause: text.cause });
    this.name = "PluggyError";
    this.code = code;
    this.remedy = text.remedy;
    this.plugin = text.plugin;
    this.hook = text.hook;
  }
}

/** Where an implementation stands: the plugin it belongs to and the hook it implements. */
export interface Place {
  readonly plugin: string;
  readonly hook: string;
}

/** Names for a sentence: `username, groups`, or `none`. */
function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}

export function hookUnknown(place: Place, known: readonly string[]): PluggyError {
  return new PluggyError("PLUGGY_HOOK_UNKNOWN", {
    ...place,
    message: `Plugin ${place.plugin} implements ${place.hook}, which is not a hook`,
    remedy: `Rename it to one of: ${listed(known)}; or mark it with { optionalhook: true }.`,
  });
}

export function argumentUnknown(
  place: Place,
  asked: readonly string[],
  known: readonly string[],
): PluggyError {
  const hasWhat = known.length === 0 ? "no arguments" : `only: ${known.join(", ")}`;
  return new PluggyError("PLUGGY_ARGUMENT_UNKNOWN", {
    ...place,
    message: `Plugin ${place.plugin} asks ${place.hook} for ${asked.join(", ")}; the hook has ${hasWhat}`,
    remedy:
      known.length === 0
        ? "Take no arguments."
        : `Take some or all of them by name: ({ ${known.join(", ")} }) => …`,
  });
}

export function argumentsNotDestructured(
  place: Place,
  parameters: string,
  known: readonly string[],
): PluggyError {
  return new PluggyError("PLUGGY_ARGUMENTS_NOT_DESTRUCTURED", {
    ...place,
    message: `Plugin ${place.plugin} takes the arguments of ${place.hook} by position (${parameters}); a hook's arguments come as one object`,
    remedy: `Write ({ ${known.join(", ")} }) => … instead.`,
  });
}

export function callArgumentsWrong(
  hook: string,
  difference: { readonly missing: readonly string[]; readonly unknown: readonly string[] },
  known: readonly string[],
): PluggyError {
  const { missing, unknown } = difference;
  const parts = [
    ...(missing.length > 0 ? [`without ${missing.join(", ")}`] : []),
    ...(unknown.length > 0 ? [`with ${unknown.join(", ")}, which it does not have`] : []),
  ];
  return new PluggyError("PLUGGY_CALL_ARGUMENTS_WRONG", {
    hook,
    message: `${hook} was called ${parts.join(" and ")}`,
    remedy: `Call it with exactly these arguments: ${listed(known)}.`,
  });
}

/** A plugin threw while one of its hooks was called. What it says itself about what to do comes first. */
export function hookFailed(place: Place, cause: unknown): PluggyError {
  return new PluggyError("PLUGGY_HOOK_FAILED", {
    ...place,
    message: `Plugin ${place.plugin} failed in ${place.hook}: ${reasonOf(cause)}`,
    remedy: remedyOf(cause) ?? "Mend the plugin, or remove it.",
    cause,
  });
}

/** The remedy of an error that carries one; its message then speaks for itself, without its class. */
function remedyOf(cause: unknown): string | undefined {
  const carries = cause instanceof Error && "remedy" in cause && typeof cause.remedy === "string";
  return carries && cause.remedy !== "" ? String(cause.remedy) : undefined;
}

export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return remedyOf(cause) === undefined ? `${cause.name}: ${cause.message}` : cause.message;
}

export function resultIsPromise(place: Place): PluggyError {
  return new PluggyError("PLUGGY_RESULT_IS_PROMISE", {
    ...place,
    message: `Plugin ${place.plugin} answered ${place.hook} with a promise, but the hook was called synchronously`,
    remedy: `Call the hook with .async(…), or make the implementation synchronous.`,
  });
}

export function nameTaken(plugin: string): PluggyError {
  return new PluggyError("PLUGGY_NAME_TAKEN", {
    plugin,
    message: `A plugin named ${plugin} is registered already`,
    remedy: "Give one of the two another name, or unregister the first.",
  });
}

export function pluginTwice(plugin: string, registeredAs: string): PluggyError {
  return new PluggyError("PLUGGY_PLUGIN_TWICE", {
    plugin,
    message: `Plugin ${plugin} is registered already, as ${registeredAs}`,
    remedy: "Register a plugin once.",
  });
}

export function notRegistered(plugin: string): PluggyError {
  return new PluggyError("PLUGGY_NOT_REGISTERED", {
    plugin,
    message: `No plugin named ${plugin} is registered`,
    remedy: "Unregister a plugin only once, by the name that register() gave back.",
  });
}

export function pluginUnnamed(): PluggyError {
  return new PluggyError("PLUGGY_PLUGIN_UNNAMED", {
    message: "A plugin was registered without a name",
    remedy: "Give register() a non-empty name as its second argument.",
  });
}

export function specTwice(hook: string): PluggyError {
  return new PluggyError("PLUGGY_SPEC_TWICE", {
    hook,
    message: `The hook ${hook} is specified already`,
    remedy: "Specify each hook once.",
  });
}

export function markedNotAFunction(value: unknown): PluggyError {
  return new PluggyError("PLUGGY_NOT_A_FUNCTION", {
    message: `hookimpl was given ${value === null ? "null" : typeof value}, not a function`,
    remedy: "Give it the function that implements the hook: hookimpl(({ … }) => …).",
  });
}

/** A plugin is an object or a module; a class can be one. */
export function pluginInvalid(plugin: string, value: unknown): PluggyError {
  return new PluggyError("PLUGGY_PLUGIN_INVALID", {
    plugin,
    message: `Plugin ${plugin} is ${value === null ? "null" : typeof value}, not an object`,
    remedy: "Register the plugin's module, or the object that holds its implementations.",
  });
}

export function noSuchHook(hook: string, known: readonly string[]): PluggyError {
  return new PluggyError("PLUGGY_NO_SUCH_HOOK", {
    hook,
    message: `There is no hook ${hook}`,
    remedy: `Use one of: ${listed(known)}.`,
  });
}

export function specHistoricFirstresult(): PluggyError {
  return new PluggyError("PLUGGY_SPEC_HISTORIC_FIRSTRESULT", {
    message: "A hook was specified as historic and as firstresult",
    remedy: "Leave out one of the two: of a firstresult hook, later plugins would never be called.",
  });
}

export function historicCalledDirectly(hook: string): PluggyError {
  return new PluggyError("PLUGGY_HISTORIC_CALLED_DIRECTLY", {
    hook,
    message: `${hook} is historic, and was called directly`,
    remedy: "Call it with .callHistoric(args, resultCallback).",
  });
}

export function notHistoric(hook: string): PluggyError {
  return new PluggyError("PLUGGY_NOT_HISTORIC", {
    hook,
    message: `${hook} was called with history, but is not historic`,
    remedy: "Specify it with { historic: true }, or call it directly.",
  });
}

export function historicWrapped(place: Place): PluggyError {
  return new PluggyError("PLUGGY_HISTORIC_WRAPPED", {
    ...place,
    message: `Plugin ${place.plugin} wraps ${place.hook}, which is historic`,
    remedy: "Implement it without wrapper and hookwrapper: historic calls have no end to wait for.",
  });
}

export function wrapperNotGenerator(place: Place): PluggyError {
  return new PluggyError("PLUGGY_WRAPPER_NOT_GENERATOR", {
    ...place,
    message: `Plugin ${place.plugin} wraps ${place.hook} with a function that is no generator function`,
    remedy: "Write function* ({ … }) { … const result = yield; … return result; } instead.",
  });
}

export function wrapperOfBothKinds(place: Place): PluggyError {
  return new PluggyError("PLUGGY_WRAPPER_OF_BOTH_KINDS", {
    ...place,
    message: `Plugin ${place.plugin} implements ${place.hook} as wrapper and as hookwrapper`,
    remedy: "Leave out hookwrapper.",
  });
}

export function wrapperDidNotYield(place: Place): PluggyError {
  return new PluggyError("PLUGGY_WRAPPER_DID_NOT_YIELD", {
    ...place,
    message: `Plugin ${place.plugin} ended in its wrapper of ${place.hook} without a yield`,
    remedy: "Have the wrapper yield exactly once, on every path through it.",
  });
}

export function wrapperYieldedTwice(place: Place): PluggyError {
  return new PluggyError("PLUGGY_WRAPPER_YIELDED_TWICE", {
    ...place,
    message: `Plugin ${place.plugin} came to a second yield in its wrapper of ${place.hook}`,
    remedy: "Have the wrapper yield exactly once.",
  });
}

export function wrapperIsAsync(place: Place): PluggyError {
  return new PluggyError("PLUGGY_WRAPPER_IS_ASYNC", {
    ...place,
    message: `Plugin ${place.plugin} wraps ${place.hook} asynchronously, but the hook was called synchronously`,
    remedy: "Call the hook with .async(…), or make the wrapper a function* without async.",
  });
}
