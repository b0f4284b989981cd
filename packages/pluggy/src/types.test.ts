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

it("does not compile a specification that differs from the map of hooks", () => {
  // @ts-expect-error: greet has no such argument
  hookspec<TestHooks["greet"]>({ arguments: ["nmae"] });
  // @ts-expect-error: first stops at the first result
  hookspec<TestHooks["first"]>({ arguments: ["name"] });
  // @ts-expect-error: greet does not stop at the first result
  hookspec<TestHooks["greet"]>({ arguments: ["name"], firstresult: true });
});
