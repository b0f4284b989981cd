import { PluginManager, type PluginManagerOptions } from "./manager.ts";
import { createHookimplMarker, hookspec } from "./markers.ts";
import type { Marked } from "./types.ts";

/** The hooks of the tests. */
export interface TestHooks {
  greet: {
    readonly arguments: { readonly name: string; readonly loud: boolean };
    readonly result: string;
  };
  first: {
    readonly arguments: { readonly name: string };
    readonly result: number;
    readonly firstresult: true;
  };
  ping: { readonly arguments: Record<never, never>; readonly result: undefined };
  configure: {
    readonly arguments: { readonly name: string };
    readonly result: string;
    readonly historic: true;
  };
}

export const specs = {
  greet: hookspec<TestHooks["greet"]>({ arguments: ["name", "loud"] }),
  first: hookspec<TestHooks["first"]>({ arguments: ["name"], firstresult: true }),
  ping: hookspec<TestHooks["ping"]>({ arguments: [] }),
  configure: hookspec<TestHooks["configure"]>({ arguments: ["name"], historic: true }),
};

export const hookimpl = createHookimplMarker<TestHooks>("test");

export function createManager(options?: PluginManagerOptions): PluginManager<TestHooks> {
  const manager = new PluginManager<TestHooks>("test", options);
  manager.addHookspecs(specs);
  return manager;
}

/** A manager with a plugin of each of `greets`, named by its key and registered in their order. */
export function createGreeters(
  greets: Readonly<Record<string, Marked<"greet">>>,
): PluginManager<TestHooks> {
  const manager = createManager();
  for (const [name, greet] of Object.entries(greets)) manager.register({ greet }, name);
  return manager;
}

/** A function as JavaScript gives it, without types. */
export function untyped(source: string): never {
  return new Function(`return ${source}`)() as never;
}

/** A wrapper of JavaScript, marked by an option as pluggy's are. */
export function wrapping(source: string, kind: "wrapper" | "hookwrapper" = "wrapper"): never {
  return hookimpl(untyped(source), { [kind]: true } as never) as never;
}

/** What `work` throws. */
export function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

export const greeting = { name: "ada", loud: false };
