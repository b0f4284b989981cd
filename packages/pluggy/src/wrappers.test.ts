import { describe, expect, it } from "vitest";
import {
  createGreeters,
  createManager,
  greeting,
  hookimpl,
  thrownBy,
  untyped,
  wrapping,
} from "./fixtures.ts";
import type { Marked } from "./types.ts";

const a = hookimpl<"greet">(() => "a");

const failing = (error: unknown) =>
  hookimpl<"greet">(() => {
    throw error;
  });

/** A wrapper that writes its steps into `steps`. */
function stepping(name: string, steps: string[]): Marked<"greet"> {
  return hookimpl.wrapper<"greet">(function* () {
    steps.push(`${name} begins`);
    try {
      return yield;
    } finally {
      steps.push(`${name} ends`);
    }
  });
}

/** An old-style wrapper that writes its steps into `steps`. */
function oldStepping(name: string, steps: string[]): Marked<"greet"> {
  return hookimpl.hookwrapper<"greet">(function* () {
    steps.push(`${name} begins`);
    const outcome = yield;
    steps.push(`${name} ends${outcome.failed ? ` after ${outcome.exception}` : ""}`);
  });
}

describe("a wrapper", () => {
  it("runs before and after all other implementations", () => {
    const steps: string[] = [];
    const greet = hookimpl<"greet">(() => void steps.push("greet"));
    createGreeters({ w: stepping("w", steps), a: greet }).hook.greet(greeting);
    expect(steps).toEqual(["w begins", "greet", "w ends"]);
  });

  it("is given the arguments it asks for", () => {
    const w = hookimpl.wrapper<"greet">(function* ({ name }) {
      return [...(yield), name];
    });
    expect(createGreeters({ w, a }).hook.greet(greeting)).toEqual(["a", "ada"]);
  });

  it("is called with its plugin as this", () => {
    const w = wrapping("function* () { return [this.word, ...(yield)]; }");
    const manager = createGreeters({ a });
    manager.register({ greet: w, word: "mine" }, "w");
    expect(manager.hook.greet(greeting)).toEqual(["mine", "a"]);
  });

  it("is given the list of results, and what it returns takes its place", () => {
    const w = hookimpl.wrapper<"greet">(function* () {
      const results = yield;
      return results.map((one) => `${one}!`);
    });
    expect(createGreeters({ a, b: hookimpl(() => "b"), w }).hook.greet(greeting)).toEqual([
      "b!",
      "a!",
    ]);
  });

  it("is given the one result of a firstresult hook, which ended the call", () => {
    const manager = createManager();
    manager.register({ first: hookimpl<"first">(() => 1) }, "never asked");
    manager.register({ first: hookimpl<"first">(() => 2) }, "a");
    const first = hookimpl.wrapper<"first">(function* () {
      const result = yield;
      return (result ?? 0) * 10;
    });
    manager.register({ first }, "w");
    expect(manager.hook.first({ name: "x" })).toBe(20);
  });

  it("is given undefined when a firstresult hook has no result", () => {
    const manager = createManager();
    const first = hookimpl.wrapper<"first">(function* () {
      return (yield) ?? 7;
    });
    manager.register({ first }, "w");
    expect(manager.hook.first({ name: "x" })).toBe(7);
  });

  it("wraps nothing when it is alone", () => {
    const steps: string[] = [];
    expect(createGreeters({ w: stepping("w", steps) }).hook.greet(greeting)).toEqual([]);
    expect(steps).toEqual(["w begins", "w ends"]);
  });

  it("that returns nothing leaves nothing of the result, as in pluggy", () => {
    const manager = createGreeters({ a, w: wrapping("function* () { yield; }") });
    expect(manager.hook.greet(greeting)).toBeUndefined();
  });

  it("stands around those that come after it, the older style too", () => {
    const steps: string[] = [];
    const inner = stepping("inner", steps);
    createGreeters({
      inner,
      middle: oldStepping("middle", steps),
      outer: stepping("outer", steps),
    }).hook.greet(greeting);
    expect(steps).toEqual([
      "outer begins",
      "middle begins",
      "inner begins",
      "inner ends",
      "middle ends",
      "outer ends",
    ]);
  });

  it("that is not marked as one is an implementation that gives back an iterator", () => {
    const manager = createGreeters({ a: hookimpl<"greet">(untyped("function* () { yield 1; }")) });
    const [iterator] = manager.hook.greet(greeting);
    expect([...(iterator as Iterable<unknown>)]).toEqual([1]);
  });

  it("can be registered and removed like any other implementation", () => {
    const manager = createGreeters({ a, w: wrapping("function* () { yield; return ['w']; }") });
    manager.unregister("w");
    expect(manager.hook.greet(greeting)).toEqual(["a"]);
  });
});

describe("an exception", () => {
  it("is thrown into the wrapper as the plugin threw it", () => {
    const cause = new TypeError("no");
    let seen: unknown;
    const w = hookimpl.wrapper<"greet">(function* () {
      try {
        return yield;
      } catch (error) {
        seen = error;
        throw error;
      }
    });
    expect(() => createGreeters({ a: failing(cause), w }).hook.greet(greeting)).toThrow();
    expect(seen).toBe(cause);
  });

  it("that a wrapper only passes on still names the plugin that threw it", () => {
    const cause = new Error("no");
    const greets = { a: failing(cause), w: stepping("w", []), old: oldStepping("old", []) };
    expect(thrownBy(() => createGreeters(greets).hook.greet(greeting))).toMatchObject({
      code: "PLUGGY_HOOK_FAILED",
      plugin: "a",
      cause,
    });
  });

  it("can be replaced by a result", () => {
    const w = wrapping("function* () { try { return yield; } catch { return ['calm']; } }");
    const greets = { a: failing(new Error("no")), w };
    expect(createGreeters(greets).hook.greet(greeting)).toEqual(["calm"]);
  });

  it("can be replaced by another, which names the wrapper's plugin", () => {
    const w = wrapping("function* () { try { yield; } catch { throw new Error('mine'); } }");
    const greets = { a: failing(new Error("no")), w };
    expect(thrownBy(() => createGreeters(greets).hook.greet(greeting))).toMatchObject({
      plugin: "w",
      message: "Plugin w failed in greet: Error: mine",
    });
  });

  it("that replaces another has it as its cause", () => {
    const first = new Error("first");
    const inner = wrapping("function* () { try { yield; } catch { throw new Error('second'); } }");
    const outer = wrapping("function* () { try { yield; } catch { throw new Error('third'); } }");
    const greets = { a: failing(first), inner, outer };
    expect(thrownBy(() => createGreeters(greets).hook.greet(greeting))).toMatchObject({
      cause: { message: "third", cause: { message: "second", cause: first } },
    });
  });

  it("that replaces another keeps a cause of its own", () => {
    const w = wrapping(
      "function* () { try { yield; } catch { throw new Error('x', { cause: 'own' }); } }",
    );
    const greets = { a: failing(new Error("no")), w };
    expect(thrownBy(() => createGreeters(greets).hook.greet(greeting))).toMatchObject({
      cause: { cause: "own" },
    });
  });

  it("never becomes its own cause", () => {
    const root = new Error("root");
    const w = wrapping("function* () { try { yield; } catch (error) { throw error.cause; } }");
    const greets = { a: failing(new Error("no", { cause: root })), w };
    expect(() => createGreeters(greets).hook.greet(greeting)).toThrow("root");
    expect(root.cause).toBeUndefined();
  });

  it("may be anything, also nothing", () => {
    const w = wrapping("function* () { try { yield; } catch (error) { return [String(error)]; } }");
    const greets = { a: failing(undefined), w };
    expect(createGreeters(greets).hook.greet(greeting)).toEqual(["undefined"]);
  });

  it("before the yield ends the call, and wrappers outside of it are told", () => {
    const steps: string[] = [];
    const greet = hookimpl<"greet">(() => void steps.push("greet"));
    const inner = wrapping("function* () { if (true) throw new Error('early'); yield; }");
    const manager = createGreeters({ a: greet, inner, outer: stepping("outer", steps) });
    expect(thrownBy(() => manager.hook.greet(greeting))).toMatchObject({ plugin: "inner" });
    expect(steps).toEqual(["outer begins", "outer ends"]);
  });

  it("after the yield of an inner wrapper is thrown into those outside of it", () => {
    const inner = wrapping("function* () { yield; throw new Error('late'); }");
    const outer = wrapping(
      "function* () { try { return yield; } catch (error) { return [error.message]; } }",
    );
    expect(createGreeters({ a, inner, outer }).hook.greet(greeting)).toEqual(["late"]);
  });

  it("keeps nobody from tearing down", () => {
    const steps: string[] = [];
    const greets = {
      a: failing("no"),
      one: stepping("one", steps),
      two: oldStepping("two", steps),
      three: stepping("three", steps),
    };
    expect(() => createGreeters(greets).hook.greet(greeting)).toThrow();
    expect(steps.slice(3)).toEqual(["one ends", "two ends after no", "three ends"]);
  });
});

describe("a wrapper that does not yield exactly once", () => {
  it.each(["wrapper", "hookwrapper"] as const)("fails without a yield: %s", (kind) => {
    const w = wrapping("function* () { if (false) yield; return ['x']; }", kind);
    expect(thrownBy(() => createGreeters({ a, w }).hook.greet(greeting))).toMatchObject({
      code: "PLUGGY_WRAPPER_DID_NOT_YIELD",
      plugin: "w",
      hook: "greet",
    });
  });

  it.each(["wrapper", "hookwrapper"] as const)("fails at a second yield: %s", (kind) => {
    const w = wrapping("function* () { yield; yield; }", kind);
    expect(thrownBy(() => createGreeters({ a, w }).hook.greet(greeting))).toMatchObject({
      code: "PLUGGY_WRAPPER_YIELDED_TWICE",
      plugin: "w",
      hook: "greet",
    });
  });

  it("is closed at the second yield, so that it can clean up", () => {
    const steps: string[] = [];
    const w = hookimpl.wrapper<"greet">(function* () {
      try {
        yield;
        return yield;
      } finally {
        steps.push("cleaned");
      }
    });
    expect(() => createGreeters({ w }).hook.greet(greeting)).toThrow(/second yield/);
    expect(steps).toEqual(["cleaned"]);
  });

  it("is a failure like any other to the wrappers outside of it", () => {
    const inner = wrapping("function* () { yield; yield; }");
    const outer = wrapping(
      "function* () { try { return yield; } catch (error) { return [error.code]; } }",
    );
    expect(createGreeters({ a, inner, outer }).hook.greet(greeting)).toEqual([
      "PLUGGY_WRAPPER_YIELDED_TWICE",
    ]);
  });

  it("keeps what it hides as its cause", () => {
    const cause = new Error("no");
    const w = wrapping("function* () { try { yield; } catch { yield; } }");
    const thrown = thrownBy(() => createGreeters({ a: failing(cause), w }).hook.greet(greeting));
    expect(thrown).toMatchObject({ code: "PLUGGY_WRAPPER_YIELDED_TWICE", cause });
  });
});

describe("an old-style wrapper", () => {
  it("is given an outcome with the results", () => {
    const seen: unknown[] = [];
    const w = hookimpl.hookwrapper<"greet">(function* () {
      const outcome = yield;
      seen.push(outcome.getResult(), outcome.exception, outcome.failed);
    });
    createGreeters({ a, w }).hook.greet(greeting);
    expect(seen).toEqual([["a"], undefined, false]);
  });

  it("can force another result", () => {
    const w = hookimpl.hookwrapper<"greet">(function* () {
      const outcome = yield;
      outcome.forceResult([...outcome.getResult(), "more"]);
    });
    expect(createGreeters({ a, w }).hook.greet(greeting)).toEqual(["a", "more"]);
  });

  it("can force the one result of a firstresult hook", () => {
    const manager = createManager();
    manager.register({ first: hookimpl<"first">(() => 4) }, "a");
    const first = hookimpl.hookwrapper<"first">(function* () {
      const outcome = yield;
      expect(outcome.getResult()).toBe(4);
      outcome.forceResult(0);
    });
    manager.register({ first }, "w");
    expect(manager.hook.first({ name: "x" })).toBe(0);
  });

  it("cannot give back a result by returning it", () => {
    const w = wrapping("function* () { yield; return ['ignored']; }", "hookwrapper");
    expect(createGreeters({ a, w }).hook.greet(greeting)).toEqual(["a"]);
  });

  it("is given the exception, which getResult throws each time", () => {
    const cause = new Error("no");
    const seen: unknown[] = [];
    const w = hookimpl.hookwrapper<"greet">(function* () {
      const outcome = yield;
      seen.push(
        outcome.exception,
        thrownBy(() => outcome.getResult()),
      );
      seen.push(thrownBy(() => outcome.getResult()));
    });
    expect(() => createGreeters({ a: failing(cause), w }).hook.greet(greeting)).toThrow();
    expect(seen).toEqual([cause, cause, cause]);
  });

  it("can force a result in the place of an exception", () => {
    const w = wrapping("function* () { (yield).forceResult(['calm']); }", "hookwrapper");
    const greets = { a: failing(new Error("no")), w };
    expect(createGreeters(greets).hook.greet(greeting)).toEqual(["calm"]);
  });

  it("can force an exception, which names its plugin and keeps the first as cause", () => {
    const first = new Error("first");
    const w = wrapping(
      "function* () { (yield).forceException(new Error('second')); }",
      "hookwrapper",
    );
    const greets = { a: failing(first), w };
    expect(thrownBy(() => createGreeters(greets).hook.greet(greeting))).toMatchObject({
      plugin: "w",
      cause: { message: "second", cause: first },
    });
  });

  it("that throws behind its yield fails the call, is warned of, and others are told", () => {
    const warnings: unknown[] = [];
    const steps: string[] = [];
    const manager = createManager({ onWarning: (warning) => warnings.push(warning) });
    manager.register({ greet: wrapping("function* () { yield; throw 1; }", "hookwrapper") }, "w");
    manager.register({ greet: oldStepping("outer", steps) }, "outer");
    expect(thrownBy(() => manager.hook.greet(greeting))).toMatchObject({ plugin: "w", cause: 1 });
    expect(steps).toEqual(["outer begins", "outer ends after 1"]);
    expect(warnings).toMatchObject([
      { code: "PLUGGY_TEARDOWN_FAILED", plugin: "w", hook: "greet", severity: "warning" },
    ]);
  });

  it("has an outcome of its own: changing it later changes nothing for others", () => {
    const inner = wrapping(
      "function* () { globalThis.kept = yield; globalThis.kept.forceResult(['in time']); }",
      "hookwrapper",
    );
    const outer = wrapping(
      "function* () { globalThis.kept.forceResult(['too late']); return yield; }",
    );
    const manager = createGreeters({ a, inner });
    expect(manager.hook.greet(greeting)).toEqual(["in time"]);
    manager.register({ greet: outer }, "outer");
    expect(manager.hook.greet(greeting)).toEqual(["in time"]);
    Reflect.deleteProperty(globalThis, "kept");
  });
});

describe("in an asynchronous call", () => {
  it.each([
    ["an async generator", "async function* () { await 1; return [...(yield), 'w']; }"],
    ["a generator", "function* () { return [...(yield), 'w']; }"],
    [
      "a generator that returns a promise",
      "function* () { return Promise.resolve([...(yield), 'w']); }",
    ],
  ])("the wrapper may be %s", async (_title, source) => {
    const greets = { a: hookimpl<"greet">(async () => "a"), w: wrapping(source) };
    expect(await createGreeters(greets).hook.greet.async(greeting)).toEqual(["a", "w"]);
  });

  it("an async wrapper stands around those inside it", async () => {
    const steps: string[] = [];
    const w = hookimpl.wrapper<"greet">(async function* () {
      steps.push("begins");
      await Promise.resolve();
      const results = yield;
      steps.push("ends");
      return results;
    });
    const greet = hookimpl<"greet">(async () => void steps.push("greet"));
    await createGreeters({ a: greet, w }).hook.greet.async(greeting);
    expect(steps).toEqual(["begins", "greet", "ends"]);
  });

  it("a rejection is thrown into the wrapper, which may recover", async () => {
    const a = hookimpl<"greet">(async () => Promise.reject(new Error("late")));
    const w = wrapping(
      "async function* () { try { return yield; } catch (error) { return [error.message]; } }",
    );
    expect(await createGreeters({ a, w }).hook.greet.async(greeting)).toEqual(["late"]);
  });

  it("what an async wrapper throws names its plugin and has the first as cause", async () => {
    const cause = new Error("first");
    const w = wrapping(
      "async function* () { try { yield; } catch { throw new Error('second'); } }",
    );
    const manager = createGreeters({ a: failing(cause), w });
    await expect(manager.hook.greet.async(greeting)).rejects.toMatchObject({
      plugin: "w",
      cause: { message: "second", cause },
    });
  });

  it("a wrapper that fails before its yield ends the call", async () => {
    const steps: string[] = [];
    const inner = wrapping("async function* () { throw new Error('early'); yield; }");
    const manager = createGreeters({ inner, outer: stepping("outer", steps) });
    await expect(manager.hook.greet.async(greeting)).rejects.toMatchObject({ plugin: "inner" });
    expect(steps).toEqual(["outer begins", "outer ends"]);
  });

  it("an old-style wrapper may be an async generator, and force results and exceptions", async () => {
    const w = wrapping("async function* () { (yield).forceResult(['forced']); }", "hookwrapper");
    expect(await createGreeters({ a, w }).hook.greet.async(greeting)).toEqual(["forced"]);
    const x = wrapping("async function* () { (yield).forceException('no'); }", "hookwrapper");
    await expect(createGreeters({ a, x }).hook.greet.async(greeting)).rejects.toMatchObject({
      plugin: "x",
      cause: "no",
    });
  });

  it("an old-style wrapper that throws behind its yield is warned of", async () => {
    const warnings: unknown[] = [];
    const manager = createManager({ onWarning: (warning) => warnings.push(warning) });
    const w = wrapping("async function* () { yield; throw 1; }", "hookwrapper");
    manager.register({ greet: w }, "w");
    await expect(manager.hook.greet.async(greeting)).rejects.toMatchObject({ plugin: "w" });
    expect(warnings).toMatchObject([{ code: "PLUGGY_TEARDOWN_FAILED" }]);
  });

  it.each([
    ["without a yield", "async function* () { if (false) yield; }", "DID_NOT_YIELD"],
    ["with a second yield", "async function* () { yield; yield; }", "YIELDED_TWICE"],
  ])("an async wrapper %s fails", async (_title, source, code) => {
    const manager = createGreeters({ a, w: wrapping(source) });
    await expect(manager.hook.greet.async(greeting)).rejects.toMatchObject({
      code: `PLUGGY_WRAPPER_${code}`,
      plugin: "w",
    });
  });
});

describe("in a synchronous call", () => {
  it("an async wrapper is refused, before it runs", () => {
    const manager = createGreeters({ a, w: wrapping("async function* () { throw 1; yield; }") });
    expect(thrownBy(() => manager.hook.greet(greeting))).toMatchObject({
      code: "PLUGGY_WRAPPER_IS_ASYNC",
      plugin: "w",
      hook: "greet",
    });
  });

  it("a promise that a wrapper returns is refused", () => {
    const w = wrapping("function* () { yield; return Promise.reject(new Error('x')); }");
    expect(thrownBy(() => createGreeters({ a, w }).hook.greet(greeting))).toMatchObject({
      code: "PLUGGY_RESULT_IS_PROMISE",
      plugin: "w",
    });
  });
});

describe("results by plugin", () => {
  it("stay whose they were where a wrapper leaves them", () => {
    const greets = { a, b: hookimpl<"greet">(() => "b"), w: stepping("w", []) };
    expect(createGreeters(greets).hook.greet.byPlugin(greeting)).toEqual([
      { plugin: "b", value: "b" },
      { plugin: "a", value: "a" },
    ]);
  });

  it("are the wrapper's where it has put others", () => {
    const w = wrapping("function* () { return ['new', ...(yield)]; }");
    expect(createGreeters({ a, w }).hook.greet.byPlugin(greeting)).toEqual([
      { plugin: "w", value: "new" },
      { plugin: "a", value: "a" },
    ]);
  });

  it("are the wrapper's where it has taken an exception's place", async () => {
    const w = wrapping("function* () { try { yield; } catch { return ['calm']; } }");
    const manager = createGreeters({ a: failing("no"), w });
    expect(await manager.hook.greet.byPluginAsync(greeting)).toEqual([
      { plugin: "w", value: "calm" },
    ]);
  });

  it("are one at most for a firstresult hook, and none if the wrapper took it away", () => {
    const manager = createManager();
    manager.register({ first: hookimpl<"first">(() => 1) }, "a");
    expect(manager.hook.first.byPlugin({ name: "x" })).toEqual([{ plugin: "a", value: 1 }]);
    const first = hookimpl.wrapper<"first">(function* () {
      yield;
      return undefined;
    });
    manager.register({ first }, "w");
    expect(manager.hook.first.byPlugin({ name: "x" })).toEqual([]);
  });
});

describe("allSettled", () => {
  it("has wrappers around all, and says how each ended", async () => {
    const steps: string[] = [];
    const manager = createGreeters({ a, w: stepping("w", steps), old: oldStepping("old", steps) });
    expect(await manager.hook.greet.allSettled(greeting)).toEqual([
      { plugin: "old", status: "fulfilled", value: undefined },
      { plugin: "w", status: "fulfilled", value: undefined },
      { plugin: "a", status: "fulfilled", value: "a" },
    ]);
    expect(steps).toEqual(["old begins", "w begins", "w ends", "old ends"]);
  });

  it("throws the first failure into wrappers, and blames them for no more than their own", async () => {
    const steps: string[] = [];
    const greets = { a, b: failing("no"), c: failing("later"), w: oldStepping("w", steps) };
    expect(await createGreeters(greets).hook.greet.allSettled(greeting)).toMatchObject([
      { plugin: "w", status: "fulfilled" },
      { plugin: "c", status: "rejected", error: { cause: "later" } },
      { plugin: "b", status: "rejected", error: { cause: "no" } },
      { plugin: "a", status: "fulfilled", value: "a" },
    ]);
    expect(steps).toEqual(["w begins", "w ends after later"]);
  });

  it.each([
    ["before", "function* () { if (true) throw 'w'; yield; }"],
    ["behind", "function* () { yield; throw 'w'; }"],
  ])("goes on when a wrapper throws %s its yield", async (_title, source) => {
    const manager = createGreeters({ a, w: wrapping(source) });
    expect(await manager.hook.greet.allSettled(greeting)).toMatchObject([
      { plugin: "w", status: "rejected", error: { plugin: "w", cause: "w" } },
      { plugin: "a", status: "fulfilled", value: "a" },
    ]);
  });

  it("gives wrappers of a firstresult hook the first result, though it asks all", async () => {
    const manager = createManager();
    let seen: unknown;
    const first = hookimpl.wrapper<"first">(function* () {
      seen = yield;
      return undefined;
    });
    for (const value of [1, 2]) {
      manager.register({ first: hookimpl<"first">(() => value) }, String(value));
    }
    manager.register({ first }, "w");
    expect(await manager.hook.first.allSettled({ name: "x" })).toHaveLength(3);
    expect(seen).toBe(2);
  });
});
