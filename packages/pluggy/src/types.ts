import type { Outcome } from "./outcome.ts";

/** One hook in a map of hooks: what its implementations are given, and what they give back. */
export interface HookShape {
  readonly arguments: object;
  readonly result: unknown;
  /** Set when the first result that is not null or undefined ends the call and is its result. */
  readonly firstresult?: true;
  /** Set when plugins that are registered later receive the calls made before; see `callHistoric`. */
  readonly historic?: true;
}

/** The constraint on a map from hook name to `HookShape`, written so that an interface fits. */
export type HookShapes<Specs> = { readonly [Name in keyof Specs]: HookShape };

export type HookName<Specs> = Extract<keyof Specs, string>;

/** What stands for "no result": such results are dropped. */
// biome-ignore lint/suspicious/noConfusingVoidType: an implementation may return nothing at all
export type Nothing = null | undefined | void;

/** One implementation's result. */
export type One<Shape extends HookShape> = Exclude<Shape["result"], Nothing>;

/** A call's result: the list of results, or the first one where the hook says so. */
export type CallResult<Shape extends HookShape> = Shape extends { readonly firstresult: true }
  ? One<Shape> | undefined
  : One<Shape>[];

type Intersected<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** The arguments of the hook `Name`; when `Name` is several hooks, those of all of them. */
export type ArgumentsOf<Specs extends HookShapes<Specs>, Name extends keyof Specs> = Intersected<
  Specs[Name]["arguments"]
>;

/** What an implementation answers: a result or nothing; sooner or later, but for a historic hook at once. */
export type Answer<Shape extends HookShape> = Shape extends { readonly historic: true }
  ? One<Shape> | Nothing
  : One<Shape> | Nothing | Promise<One<Shape> | Nothing>;

/** A function that implements the hook `Name`, synchronously or not. */
export type Implementation<Specs extends HookShapes<Specs>, Name extends keyof Specs> = (
  args: ArgumentsOf<Specs, Name>,
) => Answer<Specs[Name]>;

type Yielding<Sent, Returned> =
  | Generator<unknown, Returned, Sent>
  | AsyncGenerator<unknown, Returned, Sent>;

/**
 * A generator function around all other implementations: what stands before its one `yield` runs before
 * them. The `yield` gives their result, or throws what they threw; what the function returns, or
 * throws, takes its place.
 */
export type Wrapper<Specs extends HookShapes<Specs>, Name extends keyof Specs> = (
  args: ArgumentsOf<Specs, Name>,
) => Yielding<CallResult<Specs[Name]>, CallResult<Specs[Name]>>;

/** As `Wrapper`, in the older style: the `yield` gives an `Outcome`, which can be changed. */
export type Hookwrapper<Specs extends HookShapes<Specs>, Name extends keyof Specs> = (
  args: ArgumentsOf<Specs, Name>,
) => Yielding<Outcome<CallResult<Specs[Name]>>, void>;

/** The hooks that can be wrapped: all but historic ones. */
export type WrappableName<Specs extends HookShapes<Specs>> = {
  [Name in HookName<Specs>]: Specs[Name] extends { readonly historic: true } ? never : Name;
}[HookName<Specs>];

/** Options of an implementation, as in pluggy. */
export interface HookimplOptions<Name extends PropertyKey = string> {
  /** Called before those without this option. */
  readonly tryfirst?: boolean;
  /** Called after those without this option. */
  readonly trylast?: boolean;
  /** Registering is no error when there is no such hook. */
  readonly optionalhook?: boolean;
  /** The hook that is implemented, when the function has another name. */
  readonly specname?: Name;
  /** The arguments that are asked for, when the function's source does not show them. */
  readonly arguments?: readonly string[];
}

/** One marked function of one plugin, as inspection and monitors see it. */
export interface Hookimpl {
  readonly plugin: string;
  readonly hook: string;
  readonly kind: "plain" | "wrapper" | "hookwrapper";
  readonly tryfirst: boolean;
  readonly trylast: boolean;
  readonly optionalhook: boolean;
}

declare const implementedHook: unique symbol;

/** A function that `hookimpl` has marked as an implementation of `Name`. */
export interface Marked<Name extends PropertyKey> {
  (args: never): unknown;
  readonly [implementedHook]: (name: Name) => void;
}

/** A plugin written as an object, each implementation checked against the hook of its name. */
export type PluginOf<Specs> = { readonly [Name in keyof Specs]?: Marked<Name> | null | undefined };

/** A result and the plugin that it came from. */
export interface Attributed<Result> {
  readonly plugin: string;
  readonly value: Result;
}

/** How `allSettled` calls. */
export interface SettledOptions {
  /** Without waiting for one implementation before the next is called: for those that are independent. */
  readonly atOnce?: boolean;
}

/** How one plugin's implementation ended: with a result, with nothing (`value` undefined), or with an error. */
export type Settled<Result> =
  | { readonly plugin: string; readonly status: "fulfilled"; readonly value: Result | undefined }
  | { readonly plugin: string; readonly status: "rejected"; readonly error: Error };
