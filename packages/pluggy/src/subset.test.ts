import { describe, expect, it } from "vitest";
import { createManager, greeting, hookimpl, thrownBy, untyped, wrapping } from "./fixtures.ts";

/** A manager with plugins a, b and c, which answer with their names. */
function threePlugins() {
  const manager = createManager();
  const plugins = ["a", "b", "c"].map((name) => ({ greet: hookimpl<"greet">(() => name) }));
  for (const [at, plugin] of plugins.entries()) manager.register(plugin, "abc".charAt(at));
  return { manager, plugins };
}

describe("a subset caller", () => {
  it("calls all plugins but those removed", () => {
    const greet = threePlugins().manager.subsetHookCaller("greet", ["b"]);
    expect(greet(greeting)).toEqual(["c", "a"]);
    expect(greet.plugins()).toEqual(["c", "a"]);
    expect(greet.name).toBe("greet");
  });

  it("takes plugins as objects too", () => {
    const { manager, plugins } = threePlugins();
    const removed = plugins.slice(0, 2);
    expect(manager.subsetHookCaller("greet", removed)(greeting)).toEqual(["c"]);
  });

  it("leaves the hook's own caller as it is", () => {
    const { manager } = threePlugins();
    manager.subsetHookCaller("greet", ["a", "b", "c"]);
    expect(manager.hook.greet(greeting)).toEqual(["c", "b", "a"]);
  });

  it("sees plugins that are registered later", () => {
    const { manager } = threePlugins();
    const greet = manager.subsetHookCaller("greet", ["b"]);
    greet(greeting);
    manager.register({ greet: hookimpl<"greet">(() => "d") }, "d");
    expect(greet(greeting)).toEqual(["d", "c", "a"]);
  });

  it("sees plugins that are unregistered later", () => {
    const { manager } = threePlugins();
    const greet = manager.subsetHookCaller("greet", ["b"]);
    greet(greeting);
    manager.unregister("a");
    expect(greet(greeting)).toEqual(["c"]);
  });

  it("keeps a plugin out that is registered only later", () => {
    const { manager } = threePlugins();
    const greet = manager.subsetHookCaller("greet", ["d"]);
    manager.register({ greet: hookimpl<"greet">(() => "d") }, "d");
    expect(greet(greeting)).toEqual(["c", "b", "a"]);
  });

  it("passes over plugins that do not implement the hook, and unknown ones", () => {
    const { manager } = threePlugins();
    manager.register({}, "idle");
    expect(manager.subsetHookCaller("greet", ["idle", "nobody", {}])(greeting)).toHaveLength(3);
  });

  it("leaves out a removed plugin's wrappers", () => {
    const { manager } = threePlugins();
    const greet = wrapping("function* () { yield; return ['w']; }");
    manager.register({ greet }, "w");
    expect(manager.subsetHookCaller("greet", ["w"])(greeting)).toEqual(["c", "b", "a"]);
  });

  it("can be called asynchronously, by plugin, and with extras", async () => {
    const greet = threePlugins().manager.subsetHookCaller("greet", ["a", "b"]);
    expect(await greet.async(greeting)).toEqual(["c"]);
    expect(greet.byPlugin(greeting)).toEqual([{ plugin: "c", value: "c" }]);
    expect(greet.callExtra([() => "more"], greeting)).toEqual(["more", "c"]);
  });

  it("stops at the first result of those that are left", () => {
    const manager = createManager();
    manager.register({ first: hookimpl<"first">(() => 1) }, "a");
    manager.register({ first: hookimpl<"first">(() => 2) }, "b");
    expect(manager.subsetHookCaller("first", ["b"])({ name: "x" })).toBe(1);
  });

  it("makes a historic call that reaches plugins registered later", () => {
    const manager = createManager();
    const seen: string[] = [];
    const plugin = (name: string) => ({ configure: hookimpl<"configure">(() => name) });
    manager.register(plugin("a"), "a");
    const configure = manager.subsetHookCaller("configure", ["a"]);
    configure.callHistoric({ name: "x" }, (result) => seen.push(result));
    expect(seen).toEqual([]);
    manager.register(plugin("b"), "b");
    expect(seen).toEqual(["b"]);
  });

  it("of a hook that does not exist is refused, with a list of those that do", () => {
    const { manager } = threePlugins();
    expect(thrownBy(() => manager.subsetHookCaller("great" as never, []))).toMatchObject({
      code: "PLUGGY_NO_SUCH_HOOK",
      hook: "great",
      remedy: expect.stringContaining("greet, first"),
    });
  });
});

describe("extras", () => {
  it("take part in one call only", () => {
    const { manager } = threePlugins();
    expect(manager.hook.greet.callExtra([() => "more"], greeting)).toEqual(["more", "c", "b", "a"]);
    expect(manager.hook.greet(greeting)).toEqual(["c", "b", "a"]);
  });

  it("are called as if they had been registered last: wrappers and tryfirst come before them", () => {
    const manager = createManager();
    const order: string[] = [];
    const step = (name: string) => () => void order.push(name);
    manager.register({ greet: hookimpl<"greet">(step("tryfirst"), { tryfirst: true }) }, "a");
    manager.register({ greet: hookimpl<"greet">(step("plain")) }, "b");
    manager.register({ greet: hookimpl<"greet">(step("trylast"), { trylast: true }) }, "c");
    const greet = hookimpl.wrapper<"greet">(
      function* () {
        order.push("wrapper");
        return yield;
      },
      { trylast: true },
    );
    manager.register({ greet }, "w");
    manager.hook.greet.callExtra([step("extra 1"), step("extra 2")], greeting);
    expect(order.join(", ")).toBe("wrapper, tryfirst, extra 2, extra 1, plain, trylast");
  });

  it("are given the arguments they ask for, and checked for them", () => {
    const { greet } = createManager().hook;
    expect(greet.callExtra([({ name }) => name], greeting)).toEqual(["ada"]);
    expect(
      thrownBy(() => greet.callExtra([untyped("({ nmae }) => nmae")], greeting)),
    ).toMatchObject({ code: "PLUGGY_ARGUMENT_UNKNOWN", plugin: "<extra>", hook: "greet" });
  });

  it("may be asynchronous in an asynchronous call", async () => {
    const { greet } = threePlugins().manager.hook;
    expect(await greet.callExtraAsync([async () => "more"], greeting)).toHaveLength(4);
  });

  it("can give the first result", () => {
    const manager = createManager();
    manager.register({ first: hookimpl<"first">(() => 1) }, "a");
    expect(manager.hook.first.callExtra([() => 2], { name: "x" })).toBe(2);
  });

  it("refuse wrong arguments as any call does", () => {
    const { greet } = createManager().hook;
    expect(thrownBy(() => greet.callExtra([], {} as never))).toMatchObject({
      code: "PLUGGY_CALL_ARGUMENTS_WRONG",
    });
  });
});
