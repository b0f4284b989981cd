import { describe, expect, it, vi } from "vitest";
import { TljhError } from "../errors/error.ts";
import { errorText, renderError, wantsColor } from "./render-error.ts";

const explained = (cause?: unknown) =>
  new TljhError("SOME_CODE", { message: "it is\nwrong", remedy: "mend it", cause });

describe("an error for a reader", () => {
  it("says what is wrong, what to do and its code, further lines indented", () => {
    expect(errorText(explained())).toBe(
      "error: it is\n  wrong\nwhat to do: mend it\ncode: SOME_CODE\n",
    );
  });

  it("says what caused it, each thing once", () => {
    const deep = new Error("the disk is full", { cause: new Error("ENOSPC") });
    const cause = new Error("cannot write", { cause: deep });
    expect(errorText(explained(cause))).toBe(
      "error: it is\n  wrong\ncause: cannot write\ncause: the disk is full\ncause: ENOSPC\nwhat to do: mend it\ncode: SOME_CODE\n",
    );
    expect(errorText(explained(new Error("it is\nwrong")))).not.toContain("cause");
    expect(errorText(explained("text"))).toContain("cause: text\n");
  });

  it("has colours if asked for", () => {
    expect(errorText(explained(), { color: true })).toContain("\u001b[1;31merror:\u001b[0m it is");
  });

  it("is one line of JSON for scripts", () => {
    expect(JSON.parse(errorText(explained(new Error("x")), { json: true }))).toEqual({
      error: { code: "SOME_CODE", message: "it is\nwrong", causes: ["x"], remedy: "mend it" },
    });
  });

  it.each([
    [new TypeError("x is not a function"), "error: x is not a function\ncause: at "],
    ["only text", "error: only text\nwhat to do: This is a defect of the program"],
    [new Error(""), "error: Error\n"],
  ])("that nobody explained is a defect: %s", (error, text) => {
    expect(errorText(error)).toContain(text);
    expect(errorText(error)).toMatch(/Report it.*\ncode: INTERNAL\n$/);
  });

  it("goes to standard error", () => {
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    renderError(explained(), { color: false });
    expect(write).toHaveBeenCalledWith(errorText(explained()));
    write.mockRestore();
  });

  it.each([
    [true, {}, true],
    [undefined, {}, false],
    [true, { NO_COLOR: "1" }, false],
    [true, { TERM: "dumb" }, false],
  ])("is coloured on a terminal (%s) with %j: %s", (terminal, env, expected) => {
    expect(wantsColor(terminal, env)).toBe(expected);
  });
});
