import { describe, expect, it } from "vitest";
import { createManager, greeting, hookimpl, specs, type TestHooks } from "./fixtures.ts";
import { PluginManager } from "./manager.ts";
import { createHookimplMarker } from "./markers.ts";

describe("registering", () => {
  it("gives back the plugin's name", () => {
    expect(createManager().register({}, "a")).toBe("a");
  });

  it("knows the plugin by its name and the name by its plugin", () => {
    const manager = createManager();
    const plugin = {};
    manager.register(plugin, "a");
    expect(manager.getPlugin("a")).toBe(plugin);
    expect(manager.getName(plugin)).toBe("a");
    expect(manager.hasPlugin("a")).toBe(true);
    expect(manager.getName({})).toBeUndefined();
  });

  it("lists plugins in the order of registration and the hooks of each", () => {
    const manager = createManager();
    manager.register({ greet: hookimpl(() => "a"), helper: () => 1 }, "a");
    manager.register({}, "b");
    expect([...manager.getPlugins().keys()]).toEqual(["a", "b"]);
    expect(manager.getHooks("a")).toEqual(["greet"]);
    expect(manager.hookNames()).toEqual(["greet", "first", "ping", "configure"]);
  });

  it("refuses a name that is taken", () => {
    const manager = createManager();
    manager.register({}, "a");
    expect(() => manager.register({}, "a")).toThrow(
      expect.objectContaining({ code: "PLUGGY_NAME_TAKEN", plugin: "a" }),
    );
  });

  it("refuses the same plugin under a second name", () => {
    const manager = createManager();
    const plugin = {};
    manager.register(plugin, "a");
    expect(() => manager.register(plugin, "b")).toThrow(
      expect.objectContaining({ code: "PLUGGY_PLUGIN_TWICE", plugin: "b" }),
    );
  });

  it("refuses an empty name", () => {
    expect(() => createManager().register({}, "")).toThrow(
      expect.objectContaining({ code: "PLUGGY_PLUGIN_UNNAMED" }),
    );
  });

  it.each([null, undefined, "a", 1])("refuses what is no object: %s", (plugin) => {
    expect(() => createManager().register(plugin as never, "a")).toThrow(
      expect.objectContaining({ code: "PLUGGY_PLUGIN_INVALID", plugin: "a" }),
    );
    expect(() => createManager().register(plugin as never)).toThrow(/not an object/);
  });

  it("refuses a hook that does not exist and lists those that do", () => {
    const plugin = { great: hookimpl(() => "x") };
    expect(() => createManager().register(plugin, "a")).toThrow(
      expect.objectContaining({
        code: "PLUGGY_HOOK_UNKNOWN",
        plugin: "a",
        hook: "great",
        remedy: expect.stringContaining("greet, first, ping"),
      }),
    );
  });

  it("changes nothing when one of a plugin's implementations is refused", () => {
    const manager = createManager();
    const plugin = { greet: hookimpl(() => "a"), great: hookimpl(() => "x") };
    expect(() => manager.register(plugin, "a")).toThrow();
    expect(manager.hook.greet(greeting)).toEqual([]);
    expect(manager.hasPlugin("a")).toBe(false);
  });

  it("ignores functions without a mark, and attributes that are null or undefined", () => {
    const manager = createManager();
    manager.register({ greet: () => "x", first: null, ping: undefined, great: 1 }, "a");
    expect(manager.getHooks("a")).toEqual([]);
  });

  it("tells what a plugin implements, and its place in the order", () => {
    const manager = createManager();
    manager.register({ hi: hookimpl(() => "x", { specname: "greet", trylast: true }) }, "a");
    expect(manager.getImplementations("a")).toMatchObject([
      { hook: "greet", tryfirst: false, trylast: true },
    ]);
    expect(manager.getImplementations("b")).toEqual([]);
  });

  it("finds implementations behind accessors, as bundled modules have them", () => {
    const greet = hookimpl(() => "a");
    const manager = createManager();
    manager.register(Object.defineProperty({}, "greet", { get: () => greet }), "a");
    expect(manager.getHooks("a")).toEqual(["greet"]);
  });

  it("passes over accessors that throw", () => {
    const plugin = {
      get greet(): never {
        throw new Error("read");
      },
    };
    expect(createManager().register(plugin, "a")).toBe("a");
  });

  it("finds implementations that a plugin inherits and calls them with the plugin as this", () => {
    class Base {
      greet(): string {
        return "base";
      }
    }
    const mark = createHookimplMarker<TestHooks>("test");
    mark(Base.prototype.greet);
    const manager = createManager();
    manager.register(new (class extends Base {})(), "a");
    expect(manager.hook.greet(greeting)).toEqual(["base"]);
  });

  it("implements the hook named by specname", () => {
    const manager = createManager();
    manager.register({ hello: hookimpl(() => "hi", { specname: "greet" }) }, "a");
    expect(manager.hook.greet(greeting)).toEqual(["hi"]);
  });

  it("ignores the marks of other projects", () => {
    const other = createHookimplMarker<TestHooks>("other");
    const manager = createManager();
    manager.register({ greet: other(() => "x") }, "a");
    expect(manager.getHooks("a")).toEqual([]);
  });

  it("recognises marks made by another copy of the module", () => {
    const greet = Object.assign(() => "copy", { [Symbol.for("pluggy.hookimpl.test")]: {} });
    const manager = createManager();
    manager.register({ greet }, "a");
    expect(manager.hook.greet(greeting)).toEqual(["copy"]);
  });

  it("refuses to mark what is not a function", () => {
    expect(() => hookimpl("greet" as never)).toThrow(
      expect.objectContaining({ code: "PLUGGY_NOT_A_FUNCTION" }),
    );
  });
});

describe("without a name, a plugin", () => {
  it("is registered under its own", () => {
    const manager = createManager();
    expect(manager.register({ name: "polite" })).toBe("polite");
    expect(manager.register(class Loud {})).toBe("Loud");
  });

  it("that has none is registered under one that stays the same", () => {
    const manager = createManager();
    const plugin = {};
    const name = manager.register(plugin);
    expect(name).toMatch(/^plugin-\d+$/);
    expect(manager.getCanonicalName(plugin)).toBe(name);
    expect(createManager().register(plugin)).toBe(name);
    expect(manager.register({})).not.toBe(name);
  });

  it("has a canonical name that need not be the one it is registered under", () => {
    const manager = createManager();
    const plugin = { name: "own" };
    manager.register(plugin, "given");
    expect(manager.getName(plugin)).toBe("given");
    expect(manager.getCanonicalName(plugin)).toBe("own");
  });
});

describe("inspection", () => {
  it("lists names and plugins in the order of registration", () => {
    const manager = createManager();
    const [one, two] = [{}, {}];
    manager.register(one, "b");
    manager.register(two, "a");
    expect(manager.listNamePlugin()).toEqual([
      ["b", one],
      ["a", two],
    ]);
    expect(manager.isRegistered(one)).toBe(true);
    expect(manager.isRegistered({})).toBe(false);
  });

  it("gives the callers of the hooks that a plugin implements, each once", () => {
    const manager = createManager();
    const again = hookimpl(() => "again", { specname: "greet" });
    const plugin = { greet: hookimpl(() => "a"), again, first: hookimpl<"first">(() => 1) };
    manager.register(plugin, "a");
    const { greet, first } = manager.hook;
    expect(manager.getHookCallers(plugin)).toEqual([greet, first]);
    expect(manager.getHookCallers("a")).toEqual([greet, first]);
    expect(manager.getHooks("a")).toEqual(["greet", "first"]);
  });

  it("has no callers of a plugin that is not registered", () => {
    expect(createManager().getHookCallers({})).toBeUndefined();
    expect(createManager().getHookCallers("a")).toBeUndefined();
  });
});

describe("optionalhook", () => {
  it("lets an unknown hook pass", () => {
    const manager = createManager();
    manager.register({ future: hookimpl(() => "x", { optionalhook: true }) }, "a");
    expect(manager.getHooks("a")).toEqual([]);
  });

  it("takes part once the hook is specified", () => {
    const manager = new PluginManager<TestHooks>("test");
    manager.register({ greet: hookimpl(() => "early", { optionalhook: true }) }, "a");
    manager.addHookspecs(specs);
    expect(manager.hook.greet(greeting)).toEqual(["early"]);
    expect(manager.getHooks("a")).toEqual(["greet"]);
  });

  it("is checked when the hook is specified, before any hook is added", () => {
    const manager = new PluginManager<TestHooks>("test");
    const greet = hookimpl((({ nmae }: { nmae: string }) => nmae) as never, { optionalhook: true });
    manager.register({ greet }, "a");
    expect(() => manager.addHookspecs(specs)).toThrow(
      expect.objectContaining({ code: "PLUGGY_ARGUMENT_UNKNOWN" }),
    );
    expect(manager.hookNames()).toEqual([]);
  });
});

describe("unregistering", () => {
  it("removes the plugin and its implementations and gives it back", () => {
    const manager = createManager();
    const plugin = { greet: hookimpl(() => "a") };
    manager.register(plugin, "a");
    expect(manager.unregister("a")).toBe(plugin);
    expect(manager.hook.greet(greeting)).toEqual([]);
    expect(manager.register(plugin, "a")).toBe("a");
  });

  it("takes the plugin too", () => {
    const manager = createManager();
    const plugin = { greet: hookimpl(() => "a") };
    manager.register(plugin, "a");
    expect(manager.unregister(plugin)).toBe(plugin);
    expect(manager.hasPlugin("a")).toBe(false);
  });

  it("removes all implementations of a hook that a plugin has", () => {
    const manager = createManager();
    const again = hookimpl(() => "again", { specname: "greet" });
    manager.register({ greet: hookimpl(() => "a"), again }, "a");
    manager.unregister("a");
    expect(manager.hook.greet(greeting)).toEqual([]);
  });

  it("refuses a plugin that is not registered", () => {
    expect(() => createManager().unregister({ name: "stray" })).toThrow(
      expect.objectContaining({ code: "PLUGGY_NOT_REGISTERED", plugin: "stray" }),
    );
  });

  it("refuses a name that is not registered", () => {
    expect(() => createManager().unregister("a")).toThrow(
      expect.objectContaining({ code: "PLUGGY_NOT_REGISTERED", plugin: "a" }),
    );
  });
});

it("refuses to specify a hook twice", () => {
  expect(() => createManager().addHookspecs({ greet: specs.greet })).toThrow(
    expect.objectContaining({ code: "PLUGGY_SPEC_TWICE", hook: "greet" }),
  );
});
