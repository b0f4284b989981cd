import { describe, expect, it } from "vitest";
import {
  createManager,
  greeting,
  hookimpl,
  specs,
  type TestHooks,
  thrownBy,
  untyped,
  wrapping,
} from "./fixtures.ts";
import { PluginManager } from "./manager.ts";
import { hookspec } from "./markers.ts";

/** A manager without hooks, in which implementations may wait for theirs. */
const createWaiting = () => new PluginManager<TestHooks>("test", { unknownHooks: "wait" });

describe("a wrapper", () => {
  it.each(["wrapper", "hookwrapper"] as const)("must be a generator function: %s", (kind) => {
    const greet = wrapping("() => []", kind);
    expect(thrownBy(() => createManager().register({ greet }, "a"))).toMatchObject({
      code: "PLUGGY_WRAPPER_NOT_GENERATOR",
      plugin: "a",
      hook: "greet",
    });
  });

  it("cannot be of both kinds", () => {
    const options = { wrapper: true, hookwrapper: true } as never;
    const greet = hookimpl(untyped("function* () { yield; }"), options);
    expect(thrownBy(() => createManager().register({ greet }, "a"))).toMatchObject({
      code: "PLUGGY_WRAPPER_OF_BOTH_KINDS",
      plugin: "a",
    });
  });

  it("is checked for its arguments like any implementation", () => {
    const greet = wrapping("function* ({ nmae }) { return yield; }");
    expect(thrownBy(() => createManager().register({ greet }, "a"))).toMatchObject({
      code: "PLUGGY_ARGUMENT_UNKNOWN",
    });
  });

  it("that takes the arguments whole is watched when it is called", () => {
    const manager = createManager();
    const greet = wrapping("function* (all) { all.nmae; return yield; }");
    manager.register({ greet }, "a");
    expect(thrownBy(() => manager.hook.greet(greeting))).toMatchObject({
      code: "PLUGGY_ARGUMENT_UNKNOWN",
      plugin: "a",
    });
  });
});

describe("a faulty plugin", () => {
  it.each([
    ["a hook that does not exist", "() => 1", "great", {}],
    ["an argument that does not exist", "({ nmae }) => nmae", "first", {}],
    ["a wrapper that is no generator function", "() => 1", "first", { wrapper: true }],
    ["a wrapper of a historic hook", "function* () {}", "configure", { wrapper: true }],
  ])("leaves no trace: %s", (_title, source, hook, options) => {
    const manager = createManager();
    const plugin = {
      greet: hookimpl(() => "hi"),
      [hook]: hookimpl(untyped(source), options as never),
    };
    expect(() => manager.register(plugin, "a")).toThrow();
    expect(manager.listNamePlugin()).toEqual([]);
    expect(manager.isRegistered(plugin)).toBe(false);
    expect(Object.keys(manager.hook)).toEqual(Object.keys(specs));
    expect(manager.hook.greet.plugins()).toEqual([]);
    expect(manager.register({ ...plugin, [hook]: null }, "a")).toBe("a");
  });
});

describe("a hook without a specification", () => {
  it("may be implemented, and called, if implementations may wait", () => {
    const manager = createWaiting();
    manager.register({ greet: hookimpl<"greet">(({ name }) => name) }, "a");
    expect(manager.hook.greet(greeting)).toEqual(["ada"]);
    expect(manager.getHooks("a")).toEqual([]);
  });

  it("must be called with what its implementations ask for", () => {
    const manager = createWaiting();
    manager.register({ greet: hookimpl<"greet">(({ name }) => name) }, "a");
    expect(thrownBy(() => manager.hook.greet({ loud: true } as never))).toMatchObject({
      code: "PLUGGY_CALL_ARGUMENTS_WRONG",
      message: "greet was called without name",
    });
  });

  it("hides nothing from an implementation that takes the arguments whole", () => {
    const manager = createWaiting();
    manager.register({ greet: hookimpl<"greet">(untyped("(all) => all.more")) }, "a");
    expect(manager.hook.greet({ ...greeting, more: "x" } as never)).toEqual(["x"]);
    expect(manager.hook.greet(greeting)).toEqual([]);
  });

  it("is pending until it is specified", () => {
    const manager = createWaiting();
    manager.register({ greet: hookimpl<"greet">(() => "hi") }, "a");
    expect(thrownBy(() => manager.checkPending())).toMatchObject({
      code: "PLUGGY_HOOK_UNKNOWN",
      plugin: "a",
      hook: "greet",
    });
    manager.addHookspecs(specs);
    expect(() => manager.checkPending()).not.toThrow();
  });

  it("is not pending if its implementations are optional", () => {
    const manager = createManager();
    manager.register({ future: hookimpl(() => "x", { optionalhook: true }) }, "a");
    expect(() => manager.checkPending()).not.toThrow();
  });

  it("is forgotten with the last of its implementations", () => {
    const manager = createWaiting();
    manager.register({ greet: hookimpl<"greet">(() => "hi") }, "a");
    manager.unregister("a");
    expect(Object.keys(manager.hook)).toEqual([]);
    expect(() => manager.checkPending()).not.toThrow();
  });

  it("named as what every object has harms nothing", () => {
    const manager = createManager();
    const hook = hookimpl<"greet">(() => "x", {
      specname: "__proto__" as never,
      optionalhook: true,
    });
    manager.register({ hook }, "a");
    expect(manager.hook.greet(greeting)).toEqual([]);
    expect(Object.getPrototypeOf(manager.hook)).toBeNull();
  });
});

describe("a specification that comes later", () => {
  it("has the implementations that waited for it, in the order of registration", () => {
    const manager = createWaiting();
    manager.register({ greet: hookimpl<"greet">(() => "a") }, "a");
    manager.register({ greet: hookimpl<"greet">(() => "b") }, "b");
    manager.addHookspecs(specs);
    expect(manager.hook.greet(greeting)).toEqual(["b", "a"]);
    expect(manager.getHooks("a")).toEqual(["greet"]);
  });

  it("is refused with all others if an implementation does not fit, and nothing changes", () => {
    const manager = createWaiting();
    manager.register({ greet: hookimpl<"greet">(untyped("({ nmae }) => nmae")) }, "a");
    expect(thrownBy(() => manager.addHookspecs(specs))).toMatchObject({
      code: "PLUGGY_ARGUMENT_UNKNOWN",
      plugin: "a",
    });
    expect(manager.hookNames()).toEqual([]);
  });

  it("makes its hook stop at the first result from then on", () => {
    const manager = createWaiting();
    manager.register({ first: hookimpl<"first">(() => 1) }, "a");
    expect(manager.hook.first({ name: "x" })).toEqual([1]);
    manager.addHookspecs(specs);
    expect(manager.hook.first({ name: "x" })).toBe(1);
  });
});

describe("warnings", () => {
  const discouraging = {
    greet: hookspec<TestHooks["greet"]>({
      arguments: ["name", "loud"],
      warnOnImpl: "use first",
      warnOnImplArgs: { loud: "nobody listens" },
    }),
  };

  function warned(manager: PluginManager<TestHooks>, warnings: unknown[]) {
    manager.register({ greet: hookimpl<"greet">(({ name, loud }) => name + loud) }, "a");
    return warnings;
  }

  it("say that a hook should not be implemented, or an argument not be asked for", () => {
    const warnings: unknown[] = [];
    const manager = new PluginManager<TestHooks>("test", {
      onWarning: (one) => warnings.push(one),
    });
    manager.addHookspecs(discouraging);
    expect(warned(manager, warnings)).toMatchObject([
      {
        code: "PLUGGY_HOOK_DISCOURAGED",
        plugin: "a",
        hook: "greet",
        message: "Plugin a implements greet: use first",
      },
      {
        code: "PLUGGY_ARGUMENT_DISCOURAGED",
        message: "Plugin a asks greet for loud: nobody listens",
      },
    ]);
    expect(manager.hook.greet(greeting)).toEqual(["adafalse"]);
  });

  it("come with the specification for implementations that waited for it", () => {
    const warnings: unknown[] = [];
    const manager = new PluginManager<TestHooks>("test", {
      unknownHooks: "wait",
      onWarning: (one) => warnings.push(one),
    });
    expect(warned(manager, warnings)).toEqual([]);
    manager.addHookspecs(discouraging);
    expect(warnings).toHaveLength(2);
  });

  it("are the process's own unless the manager is given another place for them", async () => {
    const manager = new PluginManager<TestHooks>("test");
    manager.addHookspecs(discouraging);
    const emitted = new Promise<Error>((resolve) => process.once("warning", resolve));
    manager.register({ greet: hookimpl<"greet">(() => "x") }, "a");
    expect(await emitted).toMatchObject({
      name: "PluggyWarning",
      code: "PLUGGY_HOOK_DISCOURAGED",
      message: "Plugin a implements greet: use first",
    });
  });
});
