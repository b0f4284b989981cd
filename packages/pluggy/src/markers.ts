import { markedNotAFunction } from "./errors.ts";
import type {
  HookimplOptions,
  HookName,
  HookShape,
  HookShapes,
  Implementation,
  Marked,
} from "./types.ts";

/** A hook's specification: the arguments that a call gives, by name. */
export interface Hookspec {
  readonly arguments: readonly string[];
  /** The first result that is not null or undefined ends the call and is its result. */
  readonly firstresult: boolean;
}

type FirstresultOption<Shape extends HookShape> = Shape extends { readonly firstresult: true }
  ? { readonly firstresult: true }
  : { readonly firstresult?: false };

export type HookspecOptions<Shape extends HookShape> = FirstresultOption<Shape> & {
  readonly arguments: readonly Extract<keyof Shape["arguments"], string>[];
};

/** Specifies one hook; `Shape` is its entry in the map of hooks. */
export function hookspec<Shape extends HookShape>(options: HookspecOptions<Shape>): Hookspec {
  return { arguments: [...options.arguments], firstresult: options.firstresult ?? false };
}

/**
 * Marks a function as the implementation of a hook and returns it.
 * Without a type argument the function may take any hook's arguments; with the hook's name as type
 * argument or as `specname`, or as a property of a `PluginOf`, it is checked against that hook alone.
 */
export type HookimplMarker<Specs extends HookShapes<Specs>> = <
  Name extends HookName<Specs> = HookName<Specs>,
>(
  implementation: Implementation<Specs, Name>,
  options?: HookimplOptions<Name>,
) => Marked<Name>;

/** `Symbol.for`, so that a mark made by another copy of this module is recognised. */
function markOf(project: string): symbol {
  return Symbol.for(`pluggy.hookimpl.${project}`);
}

export function createHookimplMarker<Specs extends HookShapes<Specs>>(
  project: string,
): HookimplMarker<Specs> {
  return (implementation, options = {}) => {
    if (typeof implementation !== "function") throw markedNotAFunction(implementation);
    Object.defineProperty(implementation, markOf(project), {
      value: { ...options },
      configurable: true,
    });
    return implementation as unknown as Marked<HookName<Specs>>;
  };
}

/** The options a function was marked with; undefined for everything that is no marked function. */
export function hookimplOptions(project: string, value: unknown): HookimplOptions | undefined {
  if (typeof value !== "function") return undefined;
  const options: unknown = Reflect.get(value, markOf(project));
  return typeof options === "object" && options !== null ? options : undefined;
}
