import type { Place } from "./errors.ts";
import type { MarkOptions } from "./markers.ts";
import { type Parameters, readParameters, sourceOf } from "./parameters.ts";
import type { Hookimpl } from "./types.ts";

export type Arguments = Readonly<Record<string, unknown>>;

/** One marked function of one plugin, ready to be called: `function.call(owner, args)`. */
export interface HookImplementation extends Hookimpl {
  readonly function: (args: Arguments) => unknown;
  /** `this` of the call: the plugin. */
  readonly owner: object;
  /** The kind of generator function that it is, if it is one. */
  readonly generator: "sync" | "async" | undefined;
  readonly parameters: Parameters;
  /** Whether asking for an argument that the hook does not have shows only when it is called. */
  readonly guarded: boolean;
  /** It can get hold of the object of arguments, and so of a way to change it for those that come after. */
  readonly exposed: boolean;
}

export interface MarkedFunction {
  readonly place: Place;
  readonly implementation: (args: never) => unknown;
  readonly options: MarkOptions;
  readonly owner: object;
}

export function createImplementation(marked: MarkedFunction): HookImplementation {
  const { implementation, options, owner, place } = marked;
  const source = options.arguments === undefined ? sourceOf(implementation) : undefined;
  const parameters =
    source === undefined ? namedArguments(options.arguments ?? []) : readParameters(source);
  const guarded = source !== undefined && !showsAll(parameters);
  return {
    plugin: place.plugin,
    hook: place.hook,
    kind: kindOf(options),
    tryfirst: options.tryfirst === true && options.trylast !== true,
    trylast: options.trylast === true,
    optionalhook: options.optionalhook === true,
    function: implementation as HookImplementation["function"],
    owner,
    generator: generatorKind(implementation),
    parameters,
    guarded,
    exposed: source === undefined || guarded || source.includes("arguments"),
  };
}

function namedArguments(required: readonly string[]): Parameters {
  return { kind: "named", required, optional: [], open: false };
}

function kindOf({ wrapper, hookwrapper }: MarkOptions): Hookimpl["kind"] {
  if (wrapper === true) return "wrapper";
  return hookwrapper === true ? "hookwrapper" : "plain";
}

function generatorKind(implementation: object): HookImplementation["generator"] {
  const tag: unknown = Reflect.get(implementation, Symbol.toStringTag);
  if (tag === "GeneratorFunction") return "sync";
  return tag === "AsyncGeneratorFunction" ? "async" : undefined;
}

/**
 * True if the source shows every argument that can be asked for. One with a default must not have a name that
 * every object has: that would be found where the hook lacks it.
 */
function showsAll(parameters: Parameters): boolean {
  if (parameters.kind === "none") return true;
  if (parameters.kind !== "named" || parameters.open) return false;
  return !parameters.optional.some((name) => name in Object.prototype);
}
