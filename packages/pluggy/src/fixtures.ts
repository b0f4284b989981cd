import { PluginManager } from "./manager.ts";
import { createHookimplMarker, hookspec } from "./markers.ts";

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
}

export const specs = {
  greet: hookspec<TestHooks["greet"]>({ arguments: ["name", "loud"] }),
  first: hookspec<TestHooks["first"]>({ arguments: ["name"], firstresult: true }),
  ping: hookspec<TestHooks["ping"]>({ arguments: [] }),
};

export const hookimpl = createHookimplMarker<TestHooks>("test");

export function createManager(): PluginManager<TestHooks> {
  const manager = new PluginManager<TestHooks>("test");
  manager.addHookspecs(specs);
  return manager;
}

export const greeting = { name: "ada", loud: false };
