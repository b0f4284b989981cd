import { expect, expectTypeOf, it } from "vitest";
import { createManager, greeting, hookimpl, type TestHooks } from "./fixtures.ts";
import { hookspec } from "./markers.ts";
import type { PluginOf } from "./types.ts";

it("gives a call's results their type", () => {
  const { hook } = createManager();
  expectTypeOf(hook.greet(greeting)).toEqualTypeOf<string[]>();
  expectTypeOf(hook.first({ name: "x" })).toEqualTypeOf<number | undefined>();
  expectTypeOf(hook.greet.async).returns.resolves.toEqualTypeOf<string[]>();
  expectTypeOf(hook.greet.byPlugin).returns.items.toEqualTypeOf<{
    readonly plugin: string;
    readonly value: string;
  }>();
});

it("does not compile a call with wrong arguments", () => {
  const { hook } = createManager();
  // @ts-expect-error: loud is missing
  expect(() => hook.greet({ name: "ada" })).toThrow();
  // @ts-expect-error: greet has no such argument
  expect(() => hook.greet({ ...greeting, nmae: "" })).toThrow();
  // @ts-expect-error: there is no such hook
  expect(hook.great).toBeUndefined();
});

it("gives an implementation's arguments their type", () => {
  hookimpl<"greet">(({ name, loud }) => {
    expectTypeOf(name).toEqualTypeOf<string>();
    expectTypeOf(loud).toEqualTypeOf<boolean>();
  });
  hookimpl(({ name }) => void expectTypeOf(name).toEqualTypeOf<string>());
});

it("does not compile an implementation with wrong arguments or results", () => {
  // @ts-expect-error: no hook has such an argument
  hookimpl(({ nmae }) => nmae);
  // @ts-expect-error: first has no such argument
  hookimpl<"first">(({ loud }) => (loud ? 1 : 0));
  // @ts-expect-error: greet answers with a string
  hookimpl<"greet">(() => 1);
  // @ts-expect-error: greet answers with a string, sooner or later
  hookimpl<"greet">(async () => 1);
  // @ts-expect-error: greet answers with a string, also under another name
  hookimpl(() => 1, { specname: "greet" });
  // @ts-expect-error: no hook answers with a list
  hookimpl(() => [1]);
});

it("checks each property of a PluginOf against the hook of its name", () => {
  const plugin: PluginOf<TestHooks> = {
    greet: hookimpl(({ name }) => name),
    ping: hookimpl(async () => {}),
    first: null,
  };
  const wrong: PluginOf<TestHooks> = {
    // @ts-expect-error: ping has no such argument
    ping: hookimpl(({ name }) => console.log(name)),
    // @ts-expect-error: first answers with a number
    first: hookimpl(() => "x"),
    // @ts-expect-error: not marked
    greet: (args: { name: string }) => args.name,
  };
  expect(Object.keys(plugin)).not.toEqual(Object.keys(wrong));
});

it("gives wrappers the type of the call's result, and wants one of them back", () => {
  hookimpl.wrapper<"greet">(function* ({ name, loud }) {
    expectTypeOf(name).toEqualTypeOf<string>();
    expectTypeOf(loud).toEqualTypeOf<boolean>();
    const results = yield;
    expectTypeOf(results).toEqualTypeOf<string[]>();
    return [...results, name];
  });
  hookimpl.wrapper<"first">(async function* () {
    const result = yield;
    expectTypeOf(result).toEqualTypeOf<number | undefined>();
    return result;
  });
  hookimpl.hookwrapper<"greet">(function* () {
    const outcome = yield;
    expectTypeOf(outcome.getResult()).toEqualTypeOf<string[]>();
    outcome.forceResult(["x"]);
  });
});

it("does not compile a wrapper that gives back something else", () => {
  // @ts-expect-error: greet has a list of strings
  hookimpl.wrapper<"greet">(function* () {
    yield;
    return [1];
  });
  // @ts-expect-error: greet has a list of strings, sooner or later
  hookimpl.wrapper<"greet">(async function* () {
    yield;
    return "x";
  });
  // @ts-expect-error: nothing is no result
  hookimpl.wrapper<"greet">(function* () {
    yield;
  });
  hookimpl.hookwrapper<"greet">(function* () {
    const outcome = yield;
    // @ts-expect-error: greet has a list of strings
    outcome.forceResult([1]);
  });
  // @ts-expect-error: an old-style wrapper gives back nothing
  hookimpl.hookwrapper<"greet">(function* () {
    const outcome = yield;
    return outcome.getResult();
  });
});

it("does not compile a wrapper with wrong arguments, of no generator, or of a historic hook", () => {
  // @ts-expect-error: first has no such argument
  hookimpl.wrapper<"first">(function* ({ loud }) {
    return loud ? yield : 1;
  });
  // @ts-expect-error: no generator function
  hookimpl.wrapper<"greet">(() => ["x"]);
  // @ts-expect-error: an option cannot make a wrapper: its yield would have no type
  hookimpl<"greet">(() => "x", { wrapper: true });
  // @ts-expect-error: configure is historic
  hookimpl.wrapper<"configure">(function* () {
    return yield;
  });
  expect(hookimpl.wrapper).toBeTypeOf("function");
});

it("checks a wrapper in a PluginOf against the hook that it names, and wants it named", () => {
  const plugin: PluginOf<TestHooks> = {
    greet: hookimpl.wrapper<"greet">(function* () {
      return yield;
    }),
    // @ts-expect-error: another hook
    first: hookimpl.wrapper<"greet">(function* () {
      return yield;
    }),
    // @ts-expect-error: no hook is named
    ping: hookimpl.hookwrapper(function* () {
      yield;
    }),
  };
  expect(Object.keys(plugin)).toHaveLength(3);
});

it("takes a wrapper without a name that passes on what it is given, whatever the hook", () => {
  hookimpl.wrapper(function* ({ name }) {
    expectTypeOf(name).toEqualTypeOf<string>();
    return yield;
  });
  // @ts-expect-error: no hook has such an argument
  hookimpl.wrapper(function* ({ nmae }) {
    return yield nmae;
  });
  // @ts-expect-error: no hook has lists of booleans
  hookimpl.wrapper(function* () {
    yield;
    return [true];
  });
});

it("does not compile a direct call of a historic hook, nor a historic call of another", () => {
  const { hook } = createManager();
  // @ts-expect-error: configure is historic
  expect(() => hook.configure({ name: "x" })).toThrow();
  // @ts-expect-error: configure is historic
  expect(() => hook.configure.async({ name: "x" })).toBeTypeOf("function");
  // @ts-expect-error: greet is not historic
  expect(() => hook.greet.callHistoric(greeting)).toThrow();
  // @ts-expect-error: configure has no such argument
  expect(() => hook.configure.callHistoric({ nmae: "x" })).toThrow();
  hook.configure.callHistoric({ name: "x" }, (result) => {
    expectTypeOf(result).toEqualTypeOf<string>();
  });
});

it("does not compile an asynchronous implementation of a historic hook", () => {
  // @ts-expect-error: historic calls do not wait
  hookimpl<"configure">(async () => "x");
  expect(hookimpl<"configure">(() => "x")).toBeTypeOf("function");
});

it("does not compile wrong extras", () => {
  const { greet } = createManager().hook;
  // @ts-expect-error: greet answers with a string
  expect(greet.callExtra([() => 1], greeting)).toEqual([1]);
  // @ts-expect-error: greet has no such argument
  expect(() => greet.callExtra([({ nmae }) => nmae], greeting)).toThrow();
});

it("gives a subset caller the hook's type", () => {
  const manager = createManager();
  expectTypeOf(manager.subsetHookCaller("first", [])).toEqualTypeOf(manager.hook.first);
  // @ts-expect-error: there is no such hook
  expect(() => manager.subsetHookCaller("great", [])).toThrow();
});

it("does not compile a specification that differs from the map of hooks", () => {
  // @ts-expect-error: greet has no such argument
  hookspec<TestHooks["greet"]>({ arguments: ["nmae"] });
  // @ts-expect-error: first stops at the first result
  hookspec<TestHooks["first"]>({ arguments: ["name"] });
  // @ts-expect-error: greet does not stop at the first result
  hookspec<TestHooks["greet"]>({ arguments: ["name"], firstresult: true });
  // @ts-expect-error: greet is not historic
  hookspec<TestHooks["greet"]>({ arguments: ["name"], historic: true });
  // @ts-expect-error: configure is historic
  hookspec<TestHooks["configure"]>({ arguments: ["name"] });
  // @ts-expect-error: greet has no such argument
  hookspec<TestHooks["greet"]>({ arguments: ["name"], warnOnImplArgs: { nmae: "x" } });
  interface Both {
    arguments: { name: string };
    result: string;
    firstresult: true;
    historic: true;
  }
  const both = { arguments: ["name"], firstresult: true, historic: true } as const;
  // @ts-expect-error: no hook is both
  expect(() => hookspec<Both>(both)).toThrow();
});
