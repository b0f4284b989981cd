// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the sources that are read hold templates
import { describe, expect, it } from "vitest";
import { messagesOf } from "./find.ts";

const found = (text: string) => messagesOf("packages/x/src/errors.ts", text);
const [first] = found('const f = (): E => new TljhError("A_B", { message: "x", remedy: "y" });');

/** What is said by an error whose message is this expression. */
const said = (message: string, before = "") =>
  found(
    `${before}\nfunction f() { return new TljhError("A_B", { message: ${message}, remedy: "y" }); }`,
  )[0]?.messages;

describe("a message in the sources", () => {
  it("has its code, its function, its doc comment and its place", () => {
    const text = `
      /** Nobody is there. */
      export function nobody(host: string): TljhError {
        return new TljhError("X_NOBODY", { message: \`\${host} is empty\`, remedy: "Wait." });
      }`;
    expect(found(text)).toEqual([
      {
        code: "X_NOBODY",
        kind: "error",
        maker: "nobody",
        file: "packages/x/src/errors.ts",
        line: 4,
        about: "Nobody is there.",
        messages: ["<host> is empty"],
        remedies: ["Wait."],
      },
    ]);
  });

  it("may stand in an arrow function, or be an object with a code", () => {
    expect(first).toMatchObject({ code: "A_B", maker: "f" });
    const warning =
      'function w(): Problem { return { code: "A_W", severity: "warning", message: "m" }; }';
    expect(found(warning)).toMatchObject([{ code: "A_W", kind: "warning", remedies: [] }]);
  });

  it("may take its words from another function of the file", () => {
    const text = `
      function one(p) { return { code: "A_ONE", message: \`\${p} is wrong\`, remedy: "y" }; }
      function other(p) { return { ...one(p), code: "A_OTHER" }; }`;
    expect(found(text)[1]).toMatchObject({ code: "A_OTHER", messages: ["<p> is wrong"] });
  });

  it.each([['code === 1 ? "A" : "B"'], ["code"], ["`A`"]])("must have one code: %s", (code) => {
    const text = `const f = () => new TljhError(${code}, { message: "x", remedy: "y" });`;
    expect(() => found(text)).toThrow("packages/x/src/errors.ts:1: the code of an error must be");
  });
});

describe("the text of a message", () => {
  it.each([
    ["`${packageName} is in ${paths.join(', ')}`", ["<package name> is in <paths>"]],
    ["`${JSON.stringify(value)}, ${one.name.slice(0, 3)}`", ["<value>, <name>"]],
    ["`${a}${b ? ` by ${b}` : ''}`", ["<a>[ by <b>]"]],
    ["a ? `no ${a}` : 'none'", ["no <a>", "none"]],
    ["`${a}: ${b ? 'red' : 'green'}`", ["<a>: red", "<a>: green"]],
    ["`${a ? 'x' : 'y'} ${b ? 'red' : 'green'}`", ["(x | y) (red | green)"]],
    ["cause instanceof Error ? cause.message : String(cause)", ["<cause>"]],
    ["`at ${address || 'all addresses'}`", ["at <address>", "at all addresses"]],
    ["['a', ...(b ? [`with ${b}`] : [])].join(' ')", ["a [with <b>]"]],
  ])("%s reads %j", (expression, texts) => expect(said(expression)).toEqual(texts));

  it("is looked up where it is a constant or one of a table", () => {
    expect(said("`see ${EXAMPLE}`", 'const EXAMPLE = "this";')).toEqual(["see this"]);
    expect(said('WORDS[code] ?? "else"', 'const WORDS = { a: "one", b: "two" };')).toEqual([
      "one",
      "two",
      "else",
    ]);
  });
});
