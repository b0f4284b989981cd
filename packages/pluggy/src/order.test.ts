import { describe, expect, it } from "vitest";
import { createGreeters, createManager, greeting, hookimpl } from "./fixtures.ts";
import type { HookimplOptions } from "./types.ts";

type Order = Pick<HookimplOptions, "tryfirst" | "trylast">;

/** An implementation that answers with its plugin's name. */
const plain = (name: string, order: Order = {}) => hookimpl<"greet">(() => name, { ...order });

function wrapper(order: Order = {}) {
  return hookimpl.wrapper<"greet">(
    function* () {
      return yield;
    },
    { ...order },
  );
}

function hookwrapper(order: Order = {}) {
  return hookimpl.hookwrapper<"greet">(
    function* () {
      yield;
    },
    { ...order },
  );
}

/** One plugin a name, each answering with its name, in the order of registration. */
function answering(options: Readonly<Record<string, Order>>) {
  const entries = Object.entries(options).map(([name, order]) => [name, plain(name, order)]);
  return createGreeters(Object.fromEntries(entries)).hook.greet;
}

describe("call order", () => {
  it("is last registered, first called", () => {
    expect(answering({ a: {}, b: {}, c: {} })(greeting)).toEqual(["c", "b", "a"]);
  });

  it("puts tryfirst before all without it", () => {
    expect(answering({ a: { tryfirst: true }, b: {} })(greeting)).toEqual(["a", "b"]);
  });

  it("puts trylast behind all without it", () => {
    expect(answering({ a: {}, b: { trylast: true } })(greeting)).toEqual(["a", "b"]);
  });

  it("calls the last registered tryfirst first", () => {
    const greet = answering({ a: { tryfirst: true }, b: { tryfirst: true }, c: {} });
    expect(greet(greeting)).toEqual(["b", "a", "c"]);
  });

  it("calls the last registered trylast last", () => {
    const greet = answering({ a: { trylast: true }, b: { trylast: true }, c: {} });
    expect(greet(greeting)).toEqual(["c", "a", "b"]);
  });

  it("lets trylast win over tryfirst", () => {
    const greet = answering({ a: { tryfirst: true, trylast: true }, b: {} });
    expect(greet(greeting)).toEqual(["b", "a"]);
  });

  it("is the same for an asynchronous call", async () => {
    const greet = answering({ a: {}, b: { trylast: true }, c: { tryfirst: true } });
    expect(await greet.async(greeting)).toEqual(["c", "a", "b"]);
  });

  it("is told by plugins()", () => {
    expect(answering({ a: {}, b: {} }).plugins()).toEqual(["b", "a"]);
  });

  it("is kept when a plugin leaves", () => {
    const manager = createGreeters({ a: plain("a"), b: plain("b"), c: plain("c") });
    manager.unregister("b");
    expect(manager.hook.greet(greeting)).toEqual(["c", "a"]);
  });

  it("of one plugin's implementations of a hook follows its properties, last first", () => {
    const manager = createManager();
    const again = hookimpl(() => "again", { specname: "greet" });
    manager.register({ greet: plain("once"), again }, "a");
    expect(manager.hook.greet(greeting)).toEqual(["again", "once"]);
    expect(manager.hook.greet.plugins()).toEqual(["a"]);
  });
});

describe("wrappers", () => {
  it("come before all others, whenever they are registered", () => {
    const manager = createGreeters({ w: wrapper(), a: plain("a", { tryfirst: true }) });
    expect(manager.hook.greet.plugins()).toEqual(["w", "a"]);
  });

  it("are called last registered first, both kinds alike", () => {
    const greets = { a: hookwrapper(), b: wrapper(), c: plain("c"), d: hookwrapper() };
    expect(createGreeters(greets).hook.greet.plugins()).toEqual(["d", "b", "a", "c"]);
  });

  it("are ordered by tryfirst among themselves", () => {
    const greets = {
      a: hookwrapper({ tryfirst: true }),
      b: hookwrapper(),
      c: wrapper({ tryfirst: true }),
    };
    expect(createGreeters(greets).hook.greet.plugins()).toEqual(["c", "a", "b"]);
  });

  it("are ordered by trylast among themselves", () => {
    const greets = {
      a: wrapper({ trylast: true }),
      b: hookwrapper({ trylast: true }),
      c: wrapper(),
    };
    expect(createGreeters(greets).hook.greet.plugins()).toEqual(["c", "a", "b"]);
  });

  it("and all others stand as in pluggy when everything is mixed", () => {
    const greets = {
      m1: hookwrapper({ trylast: true }),
      m2: plain("m2"),
      m3: plain("m3", { trylast: true }),
      m4: hookwrapper(),
      m5: wrapper({ tryfirst: true }),
      m6: plain("m6", { tryfirst: true }),
      m7: plain("m7"),
      m8: wrapper(),
      m9: plain("m9", { trylast: true }),
      m10: plain("m10", { tryfirst: true }),
      m11: hookwrapper({ trylast: true }),
      m12: wrapper(),
      m13: plain("m13"),
    };
    expect(createGreeters(greets).hook.greet.plugins().join(" ")).toBe(
      "m5 m12 m8 m4 m1 m11 m10 m6 m13 m7 m2 m3 m9",
    );
  });
});

describe("inspection", () => {
  it("tells each implementation's kind and options in call order", () => {
    const greets = { a: plain("a", { trylast: true }), w: wrapper({ tryfirst: true }) };
    const common = { hook: "greet", optionalhook: false };
    expect(createGreeters(greets).hook.greet.implementations()).toMatchObject([
      { ...common, plugin: "w", kind: "wrapper", tryfirst: true, trylast: false },
      { ...common, plugin: "a", kind: "plain", tryfirst: false, trylast: true },
    ]);
  });

  it("knows the hook's name", () => {
    expect(createManager().hook.greet.name).toBe("greet");
  });
});
