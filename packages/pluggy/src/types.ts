/** One hook in a map of hooks: what its implementations are given, and what they give back. */
export interface HookShape {
  readonly arguments: object;
  readonly result: unknown;
  /** Set when the first result that is not null or undefined ends the call and is its result. */
  readonly firstresult?: true;
}

/** The constraint on a map from hook name to `HookShape`, written so that an interface fits. */
export type HookShapes<Specs> = { readonly [Name in keyof Specs]: HookShape };

export type HookName<Specs> = Extract<keyof Specs, string>;

/** What stands for "no result": such results are dropped. */
// biome-ignore lint/suspicious/noConfusingVoidType: an implementation may return nothing at all
export type Nothing = null | undefined | void;

type Intersected<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** The arguments of the hook `Name`; when `Name` is several hooks, those of all of them. */
export type ArgumentsOf<Specs extends HookShapes<Specs>, Name extends keyof Specs> = Intersected<
  Specs[Name]["arguments"]
>;

export type ResultOf<Specs extends HookShapes<Specs>, Name extends keyof Specs> = Exclude<
  Specs[Name]["result"],
  Nothing
>;

type Answer<Result> = Result | Nothing;

/** A function that implements the hook `Name`, synchronously or not. */
export type Implementation<Specs extends HookShapes<Specs>, Name extends keyof Specs> = (
  args: ArgumentsOf<Specs, Name>,
) => Answer<ResultOf<Specs, Name>> | Promise<Answer<ResultOf<Specs, Name>>>;

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

/** How one plugin's implementation ended: with a result, with nothing (`value` undefined), or with an error. */
export type Settled<Result> =
  | { readonly plugin: string; readonly status: "fulfilled"; readonly value: Result | undefined }
  | { readonly plugin: string; readonly status: "rejected"; readonly error: Error };
