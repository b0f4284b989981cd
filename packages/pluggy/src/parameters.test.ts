import fc from "fast-check";
import { expect, it } from "vitest";
import { readParameters, sourceOf } from "./parameters.ts";

function parametersOf(source: string) {
  const found: unknown = new Function(`return ${source}`)();
  return readParameters(sourceOf(found as (args: never) => unknown));
}

const named = (required: string[], optional: string[] = [], open = false) => ({
  kind: "named",
  required,
  optional,
  open,
});

it.each([
  ["() => 1", { kind: "none" }],
  ["async () => 1", { kind: "none" }],
  ["function () {}", { kind: "none" }],
  ["function* named() {}", { kind: "none" }],
  ["async function named ( /* nothing */ ) {}", { kind: "none" }],
  ["args => args", { kind: "whole", name: "args" }],
  ["async args => args", { kind: "whole", name: "args" }],
  ["(args) => args", { kind: "whole", name: "args" }],
  ["(...args) => args", { kind: "whole", name: "…" }],
  ["({}) => 1", named([])],
  ["({ a }) => a", named(["a"])],
  ["({a,b}) => a", named(["a", "b"])],
  ["async ({ a, b, }) => a", named(["a", "b"])],
  ["function ({ a }) {}", named(["a"])],
  ["async function* x({ a }) {}", named(["a"])],
  ["({ a: other }) => other", named(["a"])],
  ["({ a: { b, c } }) => b", named(["a"])],
  ["({ a: { b } = {} }) => b", named([], ["a"])],
  ["({ a: { b = 1 } }) => b", named(["a"])],
  ["({ 'a': b }) => b", named(["a"])],
  ["({ a = 1, b }) => a", named(["b"], ["a"])],
  ["({ a = '}', b }) => a", named(["b"], ["a"])],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the source of a template
  ["({ a = `${'}'},`, b }) => a", named(["b"], ["a"])],
  ["({ a = { x: [1, 2] }, b }) => a", named(["b"], ["a"])],
  ["({ a = /[,}]/, b }) => a", named(["b"], ["a"])],
  ["({ a = ((x, y) => x / y)(4, 2), b }) => a", named(["b"], ["a"])],
  ["({ a /* , c } */, // }\n b }) => a", named(["a", "b"])],
  ["({ a, ...rest }) => a", named(["a"], [], true)],
  ["({ ['a']: b }) => b", named([], [], true)],
  ["({ a } = {}) => a", named(["a"])],
  ["({ método, $, _ }) => 1", named(["método", "$", "_"])],
  ["({ m({ a }) {} }).m", named(["a"])],
  ["({ async m({ a }) {} }).m", named(["a"])],
  ["({ async *m({ a }) {} }).m", named(["a"])],
  ["({ ['m']({ a }) {} }).m", named(["a"])],
  ["({ 'm'({ a }) {} }).m", named(["a"])],
  ["(({ a }) => a).bind(null)", { kind: "unknown" }],
  ["class { constructor({ a }) {} }", { kind: "unknown" }],
])("reads %s", (source, expected) => {
  expect(parametersOf(source)).toEqual(expected);
});

it("finds the names whatever the defaults hold", () => {
  const text = fc.string({ unit: fc.constantFrom(..."a,{}()[]=>`'\"\\/*$ \n") });
  fc.assert(
    fc.property(text, text, (one, other) => {
      const source = `({ a = ${JSON.stringify(one)}, /*${one.replaceAll("*/", "")}*/ b, c = \`${other.replace(/[`\\$]/g, "\\$&")}\` }) => b`;
      expect(parametersOf(source)).toEqual(named(["b"], ["a", "c"]));
    }),
  );
});

it("reads what is written simply as it reads everything else", () => {
  const blank = fc.constantFrom("", " ", "\n  ");
  const names = fc.uniqueArray(fc.constantFrom("a", "b", "c1", "$", "_d"), { minLength: 1 });
  const head = fc.constantFrom("", "async ", "function ", "async function* named");
  fc.assert(
    fc.property(head, names, blank, fc.constantFrom("", ","), (start, listed, space, comma) => {
      const pattern = listed.join(`${space},${space}`) + space + comma;
      const simple = readParameters(`${start}(${space}{${space}${pattern} }) => 1`);
      expect(simple).toEqual(named(listed));
      // A comment is nothing simple.
      expect(readParameters(`${start}(${space}{/**/${space}${pattern} }) => 1`)).toEqual(simple);
    }),
  );
});
