import { argumentsNotDestructured, argumentUnknown, type Place } from "./errors.ts";
import type { Hookspec } from "./markers.ts";
import { type Parameters, readParameters } from "./parameters.ts";
import type { HookimplOptions } from "./types.ts";

export type Arguments = Readonly<Record<string, unknown>>;

/** One marked function of one plugin. */
export interface HookImplementation {
  readonly plugin: string;
  readonly hook: string;
  readonly tryfirst: boolean;
  readonly trylast: boolean;
  readonly parameters: Parameters;
  readonly call: (args: Arguments) => unknown;
}

export interface MarkedFunction {
  readonly place: Place;
  readonly implementation: (args: never) => unknown;
  readonly options: HookimplOptions;
  /** `this` of the call: the plugin. */
  readonly owner: object;
}

export function createImplementation(marked: MarkedFunction): HookImplementation {
  const { implementation, options, owner, place } = marked;
  return {
    ...place,
    tryfirst: options.tryfirst === true && options.trylast !== true,
    trylast: options.trylast === true,
    parameters: options.arguments
      ? { kind: "named", required: options.arguments, optional: [], open: false }
      : readParameters(implementation),
    call: (args) => Reflect.apply(implementation, owner, [args]),
  };
}

/**
 * Throws unless every argument asked for is one of the hook's.
 * One with a default may be asked for in any case: it keeps its default where the hook lacks it.
 */
export function checkParameters(implementation: HookImplementation, spec: Hookspec): void {
  const { parameters } = implementation;
  if (parameters.kind === "whole" && spec.arguments.includes(parameters.name)) {
    throw argumentsNotDestructured(implementation, parameters.name, spec.arguments);
  }
  if (parameters.kind !== "named") return;
  const unknown = parameters.required.filter((name) => !spec.arguments.includes(name));
  if (unknown.length > 0) throw argumentUnknown(implementation, unknown, spec.arguments);
}

/** True if the source shows that nothing but the hook's own arguments can be asked for. */
function asksOnlyForKnown(parameters: Parameters): boolean {
  return (
    parameters.kind === "none" ||
    (parameters.kind === "named" && !parameters.open && parameters.optional.length === 0)
  );
}

/** Names that the language itself asks any object for. */
const ASKED_BY_THE_LANGUAGE = new Set(["then", "toJSON", "constructor", "toString", "valueOf"]);

/** The arguments as `implementation` may see them: asking for one that the hook does not have throws. */
export function argumentsFor(
  implementation: HookImplementation,
  args: Arguments,
  spec: Hookspec,
): Arguments {
  const { parameters } = implementation;
  if (asksOnlyForKnown(parameters)) return args;
  const optional = parameters.kind === "named" ? parameters.optional : [];
  return new Proxy(args, {
    get(target, name) {
      if (typeof name === "string" && !Object.hasOwn(target, name)) {
        if (optional.includes(name)) return undefined;
        if (!ASKED_BY_THE_LANGUAGE.has(name)) {
          throw argumentUnknown(implementation, [name], spec.arguments);
        }
      }
      return Reflect.get(target, name);
    },
  });
}

/** Where a new implementation stands in a list in call order: last registered first, but for the options. */
export function positionOf(
  added: HookImplementation,
  present: readonly HookImplementation[],
): number {
  if (added.trylast) return present.length;
  if (added.tryfirst) return 0;
  const behind = present.findIndex((one) => !one.tryfirst);
  return behind === -1 ? present.length : behind;
}
