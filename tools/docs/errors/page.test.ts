import { describe, expect, it } from "vitest";
import type { Message } from "./find.ts";
import { checkMessages } from "./page.ts";
import { pythonMessagesOf } from "./python.ts";

const message: Message = {
  code: "A_B",
  kind: "error",
  maker: "f",
  file: "errors.ts",
  line: 1,
  about: "",
  messages: ["<file> is wrong"],
  remedies: ["Mend <file>."],
};

describe("the catalogues", () => {
  it("are well when each code has one function that explains it", () => {
    expect(() => checkMessages([message, { ...message, code: "A_C", maker: "g" }])).not.toThrow();
  });

  it("may not have the same code in two functions", () => {
    expect(() => checkMessages([message, { ...message, maker: "g" }])).toThrow(
      "A_B stands in two functions: errors.ts: f, and errors.ts: g",
    );
  });

  it("may have the same code in Python", () => {
    const python = { ...message, file: "host.py", maker: "" };
    expect(() => checkMessages([message, python])).not.toThrow();
    const elsewhere = { ...python, file: "other.py" };
    expect(() => checkMessages([message, python, elsewhere])).toThrow("two functions");
  });

  it.each([{ messages: ["<what>"] }, { messages: [] }, { remedies: ["[<usage>]"] }])(
    "must say more than values: %j",
    (part) => {
      expect(() => checkMessages([{ ...message, ...part }])).toThrow("give f a doc comment");
      expect(() => checkMessages([{ ...message, ...part, about: "It is so." }])).not.toThrow();
    },
  );

  it("need no remedy for a warning", () => {
    expect(() => checkMessages([{ ...message, kind: "warning", remedies: [] }])).not.toThrow();
  });
});

describe("an error raised in Python", () => {
  it("is read with its values", () => {
    const text = `
        raise HostError(
            "PLUGIN_X",
            f"Plugin {name!r} took {seconds:g} of {error.strerror or error}.",
            "Wait.",
        )`;
    expect(pythonMessagesOf("x.py", text)).toMatchObject([
      {
        code: "PLUGIN_X",
        line: 2,
        messages: ["Plugin <name> took <seconds> of <error>."],
        remedies: ["Wait."],
      },
    ]);
  });
});
