import { markedNotAFunction, specHistoricFirstresult } from "./errors.ts";
import type {
  HookimplOptions,
  HookName,
  HookShape,
  HookShapes,
  Hookwrapper,
  Implementation,
  Marked,
  WrappableName,
  Wrapper,
} from "./types.ts";

/** A hook's specification: the arguments that a call gives, by name. */
export interface Hookspec {
  readonly arguments: readonly string[];
  /** The first result that is not null or undefined ends the call and is its result. */
  readonly firstresult: boolean;
  /** It is called with `callHistoric`, and plugins that are registered later receive the calls made before. */
  readonly historic: boolean;
  /** Why no plugin should implement it any more. Each that does is warned of. */
  readonly warnOnImpl: string | undefined;
  /** Why no plugin should ask for an argument any more, by its name. Each that does is warned of. */
  readonly warnOnImplArgs: Readonly<Record<string, string | undefined>> | undefined;
}

type Flag<Shape extends HookShape, Name extends "firstresult" | "historic"> = Shape extends {
  readonly [Key in Name]: true;
}
  ? { readonly [Key in Name]: true }
  : { readonly [Key in Name]?: false };

type ArgumentName<Shape extends HookShape> = Extract<keyof Shape["arguments"], string>;

export type HookspecOptions<Shape extends HookShape> = Flag<Shape, "firstresult"> &
  Flag<Shape, "historic"> & {
    readonly arguments: readonly ArgumentName<Shape>[];
    readonly warnOnImpl?: string;
    readonly warnOnImplArgs?: { readonly [Name in ArgumentName<Shape>]?: string };
  };

/** What no shape can have: each plugin after the first would be called for nothing. */
type NeverBoth<Shape extends HookShape> = Shape extends {
  readonly firstresult: true;
  readonly historic: true;
}
  ? never
  : unknown;

/** Specifies one hook; `Shape` is its entry in the map of hooks. */
export function hookspec<Shape extends HookShape>(
  options: HookspecOptions<Shape> & NeverBoth<Shape>,
): Hookspec {
  const { firstresult = false, historic = false, warnOnImpl, warnOnImplArgs } = options;
  if (firstresult && historic) throw specHistoricFirstresult();
  return {
    arguments: [...options.arguments],
    firstresult,
    historic,
    warnOnImpl,
    warnOnImplArgs: warnOnImplArgs && { ...warnOnImplArgs },
  };
}

/**
 * Marks a function as the implementation of a hook and returns it.
 * Without a type argument the function may take any hook's arguments; with the hook's name as type
 * argument or as `specname`, or as a property of a `PluginOf`, it is checked against that hook alone.
 */
export interface HookimplMarker<Specs extends HookShapes<Specs>> {
  <Name extends HookName<Specs> = HookName<Specs>>(
    implementation: Implementation<Specs, Name>,
    options?: HookimplOptions<Name>,
  ): Marked<Name>;
  /** Marks a generator function that stands around all other implementations. */
  readonly wrapper: WrapperMarker<
    {
      readonly [Name in WrappableName<Specs>]: Wrapper<Specs, Name>;
    },
    Wrapper<Specs, WrappableName<Specs>>
  >;
  /** Marks a wrapper of the older style, which is given an `Outcome`. */
  readonly hookwrapper: WrapperMarker<
    {
      readonly [Name in WrappableName<Specs>]: Hookwrapper<Specs, Name>;
    },
    Hookwrapper<Specs, WrappableName<Specs>>
  >;
}

/**
 * With the hook's name as type argument the function is checked against that hook, and its `yield` has the type of the
 * hook's result. Without, it may be around any hook, but it is not accepted as a property of a `PluginOf`: the
 * compiler cannot find out there what a `yield` gives.
 */
interface WrapperMarker<Wrappers, AnyWrapper> {
  (wrapper: AnyWrapper, options?: HookimplOptions): Marked<never>;
  <Name extends Extract<keyof Wrappers, string>>(
    wrapper: Wrappers[Name],
    options?: HookimplOptions<Name>,
  ): Marked<Name>;
}

/** What a mark holds. JavaScript may write `wrapper` and `hookwrapper` among the options, as in pluggy. */
export interface MarkOptions extends HookimplOptions {
  readonly wrapper?: boolean;
  readonly hookwrapper?: boolean;
}

/** `Symbol.for`, so that a mark made by another copy of this module is recognised. */
export function markOf(project: string): symbol {
  return Symbol.for(`pluggy.hookimpl.${project}`);
}

export function createHookimplMarker<Specs extends HookShapes<Specs>>(
  project: string,
): HookimplMarker<Specs> {
  const mark = markOf(project);
  const marker = (implementation: unknown, options: MarkOptions = {}) => {
    if (typeof implementation !== "function") throw markedNotAFunction(implementation);
    Object.defineProperty(implementation, mark, { value: { ...options }, configurable: true });
    return implementation;
  };
  return Object.assign(marker, {
    wrapper: (wrapper: unknown, options?: MarkOptions) =>
      marker(wrapper, { ...options, wrapper: true }),
    hookwrapper: (hookwrapper: unknown, options?: MarkOptions) =>
      marker(hookwrapper, { ...options, hookwrapper: true }),
  }) as unknown as HookimplMarker<Specs>;
}

/** The options a function was marked with; undefined for everything that is no marked function. */
export function hookimplOptions(mark: symbol, value: unknown): MarkOptions | undefined {
  if (typeof value !== "function") return undefined;
  const options: unknown = Reflect.get(value, mark);
  return typeof options === "object" && options !== null ? options : undefined;
}
