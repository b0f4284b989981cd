import { describe, expect, it } from "vitest";
import {
  createManager,
  hookimpl,
  specs,
  type TestHooks,
  thrownBy,
  untyped,
  wrapping,
} from "./fixtures.ts";
import { PluginManager } from "./manager.ts";
import { hookspec } from "./markers.ts";
import type { Marked } from "./types.ts";

/** An implementation that answers with `name` and what it was called with. */
const answering = (name: string, order: { tryfirst?: boolean; trylast?: boolean } = {}) =>
  hookimpl<"configure">(({ name: given }) => `${name} ${given}`, order);

/** A manager, and the list that the results of its one historic call with `x` end in. */
function called(plugins: Readonly<Record<string, Marked<"configure">>> = {}) {
  const manager = createManager();
  for (const [name, configure] of Object.entries(plugins)) manager.register({ configure }, name);
  const results: string[] = [];
  manager.hook.configure.callHistoric({ name: "x" }, (result) => results.push(result));
  return { manager, results };
}

describe("a historic call", () => {
  it("gives the results of the plugins of now to the callback, in call order", () => {
    expect(called({ a: answering("a"), b: answering("b") }).results).toEqual(["b x", "a x"]);
  });

  it("reaches a plugin that is registered later, at once", () => {
    const { manager, results } = called({ a: answering("a") });
    manager.register({ configure: answering("late") }, "late");
    expect(results).toEqual(["a x", "late x"]);
  });

  it("is repeated for later plugins together with all others, in their order", () => {
    const { manager, results } = called();
    manager.hook.configure.callHistoric({ name: "y" }, (result) => results.push(result));
    manager.register({ configure: answering("late") }, "late");
    expect(results).toEqual(["late x", "late y"]);
  });

  it("reaches each plugin once", () => {
    const { manager, results } = called({ a: answering("a") });
    manager.register({ configure: answering("b") }, "b");
    manager.register({}, "c");
    expect(results).toEqual(["a x", "b x"]);
  });

  it("reaches a plugin again that was removed and registered again", () => {
    const { manager, results } = called();
    const plugin = { configure: answering("a") };
    manager.register(plugin, "a");
    manager.unregister("a");
    manager.register(plugin, "a");
    expect(results).toEqual(["a x", "a x"]);
  });

  it("needs no callback", () => {
    const manager = createManager();
    const seen: string[] = [];
    manager.hook.configure.callHistoric({ name: "x" });
    manager.register({ configure: hookimpl(({ name }) => void seen.push(name)) }, "a");
    expect(seen).toEqual(["x"]);
  });

  it("drops results of null and undefined", () => {
    const { manager, results } = called({ a: hookimpl<"configure">(() => null) });
    manager.register({ configure: hookimpl<"configure">(() => undefined) }, "b");
    expect(results).toEqual([]);
  });

  it("gives later plugins the arguments that it was made with", () => {
    const manager = createManager();
    const args = { name: "x" };
    const seen: string[] = [];
    manager.hook.configure.callHistoric(args);
    args.name = "changed";
    manager.register({ configure: hookimpl(({ name }) => void seen.push(name)) }, "a");
    expect(seen).toEqual(["x"]);
  });

  it("reaches plugins that a plugin registers during it, at once and once", () => {
    const manager = createManager();
    const results: string[] = [];
    const configure = hookimpl<"configure">(() => {
      if (manager.hasPlugin("first")) return "2";
      manager.register({ configure: answering("first", { tryfirst: true }) }, "first");
      manager.register({ configure: answering("last", { trylast: true }) }, "last");
      return "2";
    });
    manager.register({ configure: answering("1") }, "1");
    manager.register({ configure }, "2");
    manager.register({ configure: answering("3") }, "3");
    const call = () =>
      manager.hook.configure.callHistoric({ name: "x" }, (result) => results.push(result));
    call();
    expect(results.splice(0)).toEqual(["first x", "last x", "3 x", "2", "1 x"]);
    call();
    expect(results).toEqual(["first x", "3 x", "2", "1 x", "last x"]);
  });

  it("that a plugin makes while it is called itself for history reaches it once", () => {
    const { manager } = called();
    const seen: string[] = [];
    const configure = hookimpl<"configure">(({ name }) => {
      seen.push(name);
      if (name === "x") manager.hook.configure.callHistoric({ name: "y" });
    });
    manager.register({ configure }, "a");
    expect(seen).toEqual(["x", "y"]);
  });

  it("stops at the first failure, as a direct call does", () => {
    const manager = createManager();
    manager.register({ configure: answering("a") }, "a");
    manager.register({ configure: hookimpl<"configure">(untyped("() => { throw 1; }")) }, "b");
    const results: string[] = [];
    const call = () =>
      manager.hook.configure.callHistoric({ name: "x" }, (result) => results.push(result));
    expect(thrownBy(call)).toMatchObject({ code: "PLUGGY_HOOK_FAILED", plugin: "b" });
    expect(results).toEqual([]);
  });

  it("refuses missing and unknown arguments", () => {
    const { configure } = createManager().hook;
    expect(thrownBy(() => configure.callHistoric({ nmae: "x" } as never))).toMatchObject({
      code: "PLUGGY_CALL_ARGUMENTS_WRONG",
      hook: "configure",
    });
  });

  it("refuses a promise", () => {
    const manager = createManager();
    manager.register({ configure: hookimpl<"configure">(untyped("async () => 'x'")) }, "a");
    const call = () => manager.hook.configure.callHistoric({ name: "x" });
    expect(thrownBy(call)).toMatchObject({ code: "PLUGGY_RESULT_IS_PROMISE", plugin: "a" });
  });
});

describe("a plugin that fails in a call of before", () => {
  const failing = () => ({
    greet: hookimpl<"greet">(() => "greet"),
    configure: hookimpl<"configure">(untyped("() => { throw new Error('no'); }")),
  });

  it("is not registered", () => {
    const { manager } = called();
    const register = () => manager.register(failing(), "a");
    expect(thrownBy(register)).toMatchObject({ code: "PLUGGY_HOOK_FAILED", plugin: "a" });
    expect(manager.hasPlugin("a")).toBe(false);
    expect(manager.hook.greet.plugins()).toEqual([]);
    expect(manager.hook.configure.plugins()).toEqual([]);
  });

  it("can be registered when it is mended", () => {
    const { manager, results } = called();
    expect(() => manager.register(failing(), "a")).toThrow();
    manager.register({ configure: answering("a") }, "a");
    expect(results).toEqual(["a x"]);
  });
});

it("lets a plugin have itself removed when it is called for history", () => {
  const { manager } = called();
  const configure = hookimpl<"configure">(() => void manager.unregister("a"));
  manager.register({ configure, greet: hookimpl<"greet">(() => "x") }, "a");
  expect(manager.hasPlugin("a")).toBe(false);
  expect(manager.hook.configure.plugins()).toEqual([]);
  expect(manager.hook.greet.plugins()).toEqual([]);
});

describe("a historic hook", () => {
  it.each(["wrapper", "hookwrapper"] as const)("cannot have a %s", (kind) => {
    const manager = createManager();
    const configure = wrapping("function* () { yield; }", kind);
    expect(thrownBy(() => manager.register({ configure }, "a"))).toMatchObject({
      code: "PLUGGY_HISTORIC_WRAPPED",
      plugin: "a",
      hook: "configure",
    });
    expect(manager.hasPlugin("a")).toBe(false);
  });

  it("cannot have a wrapper either that waited for it", () => {
    const manager = new PluginManager<TestHooks>("test");
    const options = { optionalhook: true };
    const configure = hookimpl.wrapper(untyped("function* () { yield; }"), options);
    manager.register({ configure }, "a");
    expect(thrownBy(() => manager.addHookspecs(specs))).toMatchObject({
      code: "PLUGGY_HISTORIC_WRAPPED",
    });
    expect(manager.hookNames()).toEqual([]);
  });

  it("cannot be called directly", () => {
    const { configure } = createManager().hook;
    const direct = configure as unknown as (args: object) => unknown;
    expect(thrownBy(() => direct({ name: "x" }))).toMatchObject({
      code: "PLUGGY_HISTORIC_CALLED_DIRECTLY",
      hook: "configure",
    });
  });

  it("cannot be called with extras", () => {
    const configure = createManager().hook.configure as never as TestCaller;
    expect(thrownBy(() => configure.callExtra([], { name: "x" }))).toMatchObject({
      code: "PLUGGY_HISTORIC_CALLED_DIRECTLY",
    });
  });

  it("cannot stop at the first result", () => {
    const both = { arguments: [], firstresult: true, historic: true } as never;
    expect(thrownBy(() => hookspec<TestHooks["ping"]>(both))).toMatchObject({
      code: "PLUGGY_SPEC_HISTORIC_FIRSTRESULT",
    });
  });
});

it("refuses to call a hook with history that is not historic", () => {
  const greet = createManager().hook.greet as never as TestCaller;
  expect(thrownBy(() => greet.callHistoric({ name: "x", loud: true }))).toMatchObject({
    code: "PLUGGY_NOT_HISTORIC",
    hook: "greet",
  });
});

/** A caller as JavaScript has it: with all methods. */
interface TestCaller {
  callExtra(methods: readonly unknown[], args: object): unknown;
  callHistoric(args: object): unknown;
}
