import { callAsync, callSettled, callSync, type HookCall } from "./calls.ts";
import { callArgumentsWrong } from "./errors.ts";
import { type Arguments, type HookImplementation, positionOf } from "./implementation.ts";
import type { Hookspec } from "./markers.ts";
import type { Attributed, HookShape, Nothing, Settled } from "./types.ts";

type One<Shape extends HookShape> = Exclude<Shape["result"], Nothing>;

/** A call's result: the list of results, or the first one where the hook says so. */
export type CallResult<Shape extends HookShape> = Shape extends { readonly firstresult: true }
  ? One<Shape> | undefined
  : One<Shape>[];

/** `manager.hook.<name>`: calls all implementations of one hook. Results of null and undefined are dropped. */
export interface HookCaller<Shape extends HookShape> {
  /** Calls synchronously; a plugin that answers with a promise is an error. */
  (args: Shape["arguments"]): CallResult<Shape>;
  /** Calls one implementation after the other, waiting for each. */
  async(args: Shape["arguments"]): Promise<CallResult<Shape>>;
  /** As a synchronous call, each result with the plugin that gave it. */
  byPlugin(args: Shape["arguments"]): Attributed<One<Shape>>[];
  /** As `async`, each result with the plugin that gave it. */
  byPluginAsync(args: Shape["arguments"]): Promise<Attributed<One<Shape>>[]>;
  /** Calls every implementation even if others fail, and says how each ended. Never stops at a first result. */
  allSettled(args: Shape["arguments"]): Promise<Settled<One<Shape>>[]>;
  /** The plugins that implement the hook, in call order. */
  plugins(): string[];
}

/** What `hook` hides from callers: the implementations of one hook, in call order. */
export class HookEntry {
  readonly name: string;
  readonly spec: Hookspec;
  private implementations: readonly HookImplementation[] = [];

  constructor(name: string, spec: Hookspec) {
    this.name = name;
    this.spec = spec;
  }

  add(implementation: HookImplementation): void {
    const at = positionOf(implementation, this.implementations);
    this.implementations = this.implementations.toSpliced(at, 0, implementation);
  }

  remove(plugin: string): void {
    this.implementations = this.implementations.filter((one) => one.plugin !== plugin);
  }

  plugins(): string[] {
    return this.implementations.map((one) => one.plugin);
  }

  /** A call with the implementations of now: plugins that a hook registers are not called by the same call. */
  call(args: object): HookCall {
    const given: Arguments = Object.freeze({ ...args });
    const known = this.spec.arguments;
    const missing = known.filter((name) => !Object.hasOwn(given, name));
    const unknown = Object.keys(given).filter((name) => !known.includes(name));
    if (missing.length + unknown.length > 0) {
      throw callArgumentsWrong(this.name, { missing, unknown }, known);
    }
    return { implementations: this.implementations, args: given, spec: this.spec };
  }
}

/** The callable face of an entry. */
export function createCaller(entry: HookEntry): HookCaller<HookShape> {
  const shape = (results: Attributed<unknown>[]): unknown =>
    entry.spec.firstresult ? results[0]?.value : results.map((result) => result.value);
  const call = (args: object) => shape(callSync(entry.call(args)));
  const caller = Object.assign(call, {
    async: async (args: object) => shape(await callAsync(entry.call(args))),
    byPlugin: (args: object) => callSync(entry.call(args)),
    byPluginAsync: async (args: object) => callAsync(entry.call(args)),
    allSettled: async (args: object) => callSettled(entry.call(args)),
    plugins: () => entry.plugins(),
  });
  return caller as HookCaller<HookShape>;
}
