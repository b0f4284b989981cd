import { describe, expect, it } from "vitest";
import { createGreeters, createManager, greeting, hookimpl, untyped } from "./fixtures.ts";

describe("results", () => {
  it("are an empty list without plugins", () => {
    expect(createManager().hook.greet(greeting)).toEqual([]);
  });

  it("leave out null and undefined but keep other falsy values", () => {
    const manager = createManager();
    for (const [name, value] of Object.entries({ a: null, b: undefined, c: "" })) {
      manager.register({ greet: hookimpl(() => value) }, name);
    }
    expect(manager.hook.greet(greeting)).toEqual([""]);
  });

  it.each([3, 300])("of %i plugins are as many as are not null", (count) => {
    const manager = createManager();
    for (let number = 0; number < count; number += 1) {
      const greet = hookimpl<"greet">(() => (number % 3 === 0 ? String(number) : null));
      manager.register({ greet }, `plugin ${number}`);
    }
    const results = manager.hook.greet(greeting);
    expect(results).toHaveLength(count / 3);
    expect(results.every((one) => typeof one === "string")).toBe(true);
    expect(results.at(-1)).toBe("0");
  });

  it("can be had with the plugin that gave each", () => {
    const manager = createGreeters({ a: hookimpl(() => "a"), b: hookimpl(() => "b") });
    expect(manager.hook.greet.byPlugin(greeting)).toEqual([
      { plugin: "b", value: "b" },
      { plugin: "a", value: "a" },
    ]);
  });

  it("of a firstresult hook is the first that is not null, and ends the call", () => {
    const manager = createManager();
    const called: string[] = [];
    for (const [name, value] of Object.entries({ a: 1, b: 0, c: undefined })) {
      const first = hookimpl<"first">(() => {
        called.push(name);
        return value;
      });
      manager.register({ first }, name);
    }
    expect(manager.hook.first({ name: "x" })).toBe(0);
    expect(called).toEqual(["c", "b"]);
  });

  it("of a firstresult hook is undefined when there is none", () => {
    expect(createManager().hook.first({ name: "x" })).toBeUndefined();
  });
});

describe("a synchronous call", () => {
  it("does not call plugins that are registered during it", () => {
    const manager = createManager();
    const late = { greet: hookimpl(() => "late") };
    manager.register({ greet: hookimpl(() => manager.register(late, "late")) }, "a");
    expect(manager.hook.greet(greeting)).toEqual(["late"]);
    expect(manager.hook.greet.plugins()).toEqual(["late", "a"]);
  });

  it("wraps an error with plugin and hook and calls no further plugin", () => {
    const manager = createManager();
    const cause = new TypeError("no such folder");
    const called: string[] = [];
    manager.register({ ping: hookimpl(() => void called.push("first registered")) }, "z");
    manager.register(
      {
        ping: hookimpl(() => {
          throw cause;
        }),
      },
      "a",
    );
    expect(() => manager.hook.ping({})).toThrow(
      expect.objectContaining({
        code: "PLUGGY_HOOK_FAILED",
        message: "Plugin a failed in ping: TypeError: no such folder",
        plugin: "a",
        hook: "ping",
        cause,
      }),
    );
    expect(called).toEqual([]);
  });

  it("passes on the remedy of an error that has one", () => {
    const manager = createManager();
    const cause = Object.assign(new Error("no disk"), { remedy: "Buy one." });
    manager.register(
      {
        ping: hookimpl(() => {
          throw cause;
        }),
      },
      "a",
    );
    expect(() => manager.hook.ping({})).toThrow(
      expect.objectContaining({ message: "Plugin a failed in ping: no disk", remedy: "Buy one." }),
    );
  });

  it("refuses a promise and names its plugin", () => {
    const manager = createManager();
    manager.register({ greet: hookimpl(async () => Promise.reject(new Error("x"))) }, "a");
    expect(() => manager.hook.greet(greeting)).toThrow(
      expect.objectContaining({ code: "PLUGGY_RESULT_IS_PROMISE", plugin: "a", hook: "greet" }),
    );
  });

  it("takes arguments in any order", () => {
    const manager = createGreeters({ a: hookimpl(({ name, loud }) => name + loud) });
    expect(manager.hook.greet({ loud: true, name: "ada" })).toEqual(["adatrue"]);
  });

  it("of a hook without arguments needs none", () => {
    const manager = createManager();
    const given: unknown[] = [];
    manager.register({ ping: hookimpl<"ping">((args) => void given.push({ ...args })) }, "a");
    (manager.hook.ping as unknown as () => void)();
    expect(given).toEqual([{}]);
  });

  it.each([undefined, null, "ada", 1])("refuses arguments that are no object: %s", (args) => {
    expect(() => createManager().hook.greet(args as never)).toThrow(
      expect.objectContaining({ message: "greet was called without name, loud" }),
    );
  });

  it("refuses missing and unknown arguments", () => {
    const args = { name: "ada", quiet: true };
    expect(() => createManager().hook.greet(args as never)).toThrow(
      expect.objectContaining({
        code: "PLUGGY_CALL_ARGUMENTS_WRONG",
        message: "greet was called without loud and with quiet, which it does not have",
      }),
    );
  });
});

describe("an asynchronous call", () => {
  it("waits for each plugin before it calls the next", async () => {
    const manager = createManager();
    const steps: string[] = [];
    for (const name of ["a", "b"]) {
      const greet = hookimpl(async () => {
        steps.push(`${name} starts`);
        await Promise.resolve();
        steps.push(`${name} ends`);
        return name;
      });
      manager.register({ greet }, name);
    }
    expect(await manager.hook.greet.async(greeting)).toEqual(["b", "a"]);
    expect(steps).toEqual(["b starts", "b ends", "a starts", "a ends"]);
  });

  it("takes synchronous plugins too and drops what resolves to nothing", async () => {
    const manager = createManager();
    manager.register({ greet: hookimpl(() => "now") }, "a");
    manager.register({ greet: hookimpl(async () => null) }, "b");
    expect(await manager.hook.greet.byPluginAsync(greeting)).toEqual([
      { plugin: "a", value: "now" },
    ]);
  });

  it("gives a firstresult hook's one result", async () => {
    const manager = createManager();
    manager.register({ first: hookimpl<"first">(async () => 7) }, "a");
    manager.register({ first: hookimpl<"first">(async () => null) }, "b");
    expect(await manager.hook.first.async({ name: "x" })).toBe(7);
  });

  it("wraps a rejection with plugin and hook", async () => {
    const manager = createManager();
    manager.register({ greet: hookimpl(async () => Promise.reject(new Error("late"))) }, "a");
    await expect(manager.hook.greet.async(greeting)).rejects.toMatchObject({
      code: "PLUGGY_HOOK_FAILED",
      plugin: "a",
      hook: "greet",
    });
  });

  it("rejects, and does not throw, on wrong arguments", async () => {
    await expect(createManager().hook.greet.async({} as never)).rejects.toMatchObject({
      code: "PLUGGY_CALL_ARGUMENTS_WRONG",
    });
  });
});

describe("allSettled", () => {
  it("calls every plugin and says how each ended", async () => {
    const manager = createManager();
    manager.register({ greet: hookimpl(() => "fine") }, "a");
    manager.register({ greet: hookimpl(async () => Promise.reject("nope")) }, "b");
    manager.register({ greet: hookimpl(() => null) }, "c");
    expect(await manager.hook.greet.allSettled(greeting)).toEqual([
      { plugin: "c", status: "fulfilled", value: undefined },
      {
        plugin: "b",
        status: "rejected",
        error: expect.objectContaining({ message: "Plugin b failed in greet: nope", plugin: "b" }),
      },
      { plugin: "a", status: "fulfilled", value: "fine" },
    ]);
  });

  it("calls plugins without waiting for one before the next, if it is to, and tells them in order", async () => {
    const manager = createManager();
    const { promise, resolve } = Promise.withResolvers<string>();
    const release = () => {
      resolve("released");
      throw new Error("nope");
    };
    manager.register({ greet: hookimpl(release) }, "a");
    manager.register({ greet: hookimpl(() => promise) }, "b");
    expect(await manager.hook.greet.allSettled(greeting, { atOnce: true })).toMatchObject([
      { plugin: "b", status: "fulfilled", value: "released" },
      { plugin: "a", status: "rejected", error: { plugin: "a" } },
    ]);
  });
});

describe("arguments", () => {
  const greet = (source: string, args: object = greeting) => {
    const manager = createManager();
    manager.register({ greet: hookimpl(untyped(source)) }, "a");
    return manager.hook.greet(args as never);
  };

  it.each([
    ["all", "({ name, loud }) => name + loud", "adafalse"],
    ["some", "({ name }) => name", "ada"],
    ["none", "() => 'x'", "x"],
    ["renamed", "({ name: who }) => who", "ada"],
    ["the rest", "({ name, ...rest }) => JSON.stringify(rest)", '{"loud":false}'],
    ["the whole", "(all) => JSON.stringify(all)", '{"name":"ada","loud":false}'],
  ])("are taken by name: %s", (_title, source, expected) => {
    expect(greet(source)).toEqual([expected]);
  });

  it("that the hook does not have are refused at registration, with a list of those it has", () => {
    expect(() => greet("({ nmae }) => nmae")).toThrow(
      expect.objectContaining({
        code: "PLUGGY_ARGUMENT_UNKNOWN",
        message: "Plugin a asks greet for nmae; the hook has only: name, loud",
        remedy: expect.stringContaining("({ name, loud }) =>"),
      }),
    );
  });

  it("of a hook without any are refused with the advice to take none", () => {
    const plugin = { ping: hookimpl(untyped("({ name }) => name")) };
    expect(() => createManager().register(plugin, "a")).toThrow(
      expect.objectContaining({ remedy: "Take no arguments." }),
    );
  });

  it("with a default are no argument of the hook, and keep the default where it lacks them", () => {
    expect(greet("({ name, file = '/etc/x' }) => name + file")).toEqual(["ada/etc/x"]);
    expect(greet("({ name = 'nobody' }) => name")).toEqual(["ada"]);
  });

  it("taken by position are refused", () => {
    expect(() => greet("(name) => name")).toThrow(
      expect.objectContaining({ code: "PLUGGY_ARGUMENTS_NOT_DESTRUCTURED", plugin: "a" }),
    );
  });

  it("that only the call asks for are refused then", () => {
    expect(() => greet("(all) => all.nmae")).toThrow(
      expect.objectContaining({ code: "PLUGGY_ARGUMENT_UNKNOWN", plugin: "a", hook: "greet" }),
    );
    expect(() => greet("({ ['nm' + 'ae']: name }) => name")).toThrow(
      expect.objectContaining({ code: "PLUGGY_ARGUMENT_UNKNOWN" }),
    );
  });

  it("cannot be replaced for the plugins that come after", () => {
    expect(() => greet("(all) => { 'use strict'; all.name = 'eve'; }")).toThrow(/read.only/);
  });

  it.each([
    "function ({ name }) { arguments[0].name = 'eve'; return arguments[0].name; }",
    "function () { arguments[0].name = 'eve'; return arguments[0].name; }",
  ])("cannot be replaced behind a pattern either: %s", (source) => {
    expect(greet(source)).toEqual(["ada"]);
  });

  it("with a default keep it where only objects themselves have such a name", () => {
    expect(greet("({ name, toString = 'x' }) => toString")).toEqual(["x"]);
  });

  it("changed by the caller during an asynchronous call stay as they were", async () => {
    const args = { ...greeting };
    const manager = createGreeters({
      a: hookimpl(({ name }) => name),
      b: hookimpl(async () => null),
    });
    const running = manager.hook.greet.async(args);
    args.name = "eve";
    expect(await running).toEqual(["ada"]);
  });

  it("may be returned from an asynchronous implementation", async () => {
    const manager = createManager();
    manager.register({ greet: hookimpl(untyped("async (all) => all")) }, "a");
    expect(await manager.hook.greet.async(greeting)).toEqual([greeting]);
  });

  it("named in the options stand for what the source does not show", () => {
    const options = { arguments: ["user"] };
    const plugin = { greet: hookimpl(untyped("(all) => all.name"), options) };
    expect(() => createManager().register(plugin, "a")).toThrow(
      expect.objectContaining({ code: "PLUGGY_ARGUMENT_UNKNOWN" }),
    );
  });
});
