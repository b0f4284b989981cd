import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { addItem, parsePath, removeItem, setKey, unsetKey } from "./edit.ts";

const p = parsePath;
const code = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return [(error as { code: string }).code, (error as Error).message];
  }
  return "no error";
};

describe("set", () => {
  it.each([
    ["a value in place", "a: 1 # one\nb: 2\n", "a", 3, "a: 3 # one\nb: 2\n"],
    ["a value into an empty file", "", "a.b", 1, "a:\n  b: 1\n"],
    ["a value below comments alone", "# mine", "a", 1, "# mine\na: 1"],
    ["a value in place of {}", "{}\n", "a", 1, "a: 1\n"],
    [
      "a key at the end of its map",
      "a:\n  b: 1 # x\n  # y\nc: 2\n",
      "a.d",
      3,
      "a:\n  b: 1 # x\n  d: 3\n  # y\nc: 2\n",
    ],
    ["a value where a key has none", "a: # why\nb: 1\n", "a", 1, "a: 1 # why\nb: 1\n"],
    ["a map where a key has none", "a: # why\nb: 1\n", "a.c", 1, "a: # why\n  c: 1\nb: 1\n"],
    ["a map in place of a scalar", "a: 1 # why\n", "a.b", 2, "a: # why\n  b: 2\n"],
    ["a map in place of an empty one", "a: {}\n", "a.b", 2, "a:\n  b: 2\n"],
    [
      "a scalar in place of a map",
      "a: # m\n  b: 1\n  # in\n  c: 2\nd: 3\n",
      "a",
      4,
      "a: 4 # m\nd: 3\n",
    ],
    ["a scalar in place of a list", "a:\n- 1\n- 2\nb: 1\n", "a", "x", "a: x\nb: 1\n"],
    ["a map in place of a list", "a:\n- 1\n- 2\nb: 1\n", "a.c", 1, "a:\n  c: 1\nb: 1\n"],
    ["a value inside a flow map", "a: {b: 1, c: 2} # f\n", "a.b", "x", "a: {b: x, c: 2} # f\n"],
    ["a key into a flow map", "a: {b: 1} # f\n", "a.c.d", [1], "a: {b: 1, c: {d: [1]}} # f\n"],
    ["text in the quotes it had", "a: \"x\"\nb: 'y'\n", "a", "it's", "a: \"it's\"\nb: 'y'\n"],
    ["a value in place of a block text", "a: |\n  x\n  y\n\nb: 1\n", "a", 1, "a: 1\n\nb: 1\n"],
    ["a key after a block text", "a: |+\n  x\n\n", "b", 1, "a: |+\n  x\n\nb: 1\n"],
    [
      "a key with the file's line ends",
      "a:\r\n    b: 1\r\n",
      "a.c.d",
      1,
      "a:\r\n    b: 1\r\n    c:\r\n        d: 1\r\n",
    ],
    ["a key after a last line without a line end", "a: 1", "b", 2, "a: 1\nb: 2"],
    ["a value on its own line", "a:\n  longer # c\nb: 1\n", "a", 1, "a:\n  1 # c\nb: 1\n"],
    ["a number as key", "a:\n  123: x\n", "a.123", "z", "a:\n  123: z\n"],
    ["a list", "a: 1\n", "a", ["x", "007"], "a:\n- x\n- '007'\n"],
    [
      "a list with the file's indentation",
      "b:\n    - 1\n",
      "a.c",
      [{ x: 1, z: [] }],
      "b:\n    - 1\na:\n  c:\n      - x: 1\n        z: []\n",
    ],
    ["a value behind a document start", "---\n# c\n", "a", 1, "---\n# c\na: 1\n"],
    ["a value after a byte order mark", "\ufeffa: 1\n", "b", 1, "\ufeffa: 1\nb: 1\n"],
    ["a value through an alias", "a: &x\n  b: 1\nc: *x\n", "c.b", 2, "a: &x\n  b: 2\nc: *x\n"],
    [
      "a value beside a merge",
      "a: &x {b: 1}\nc:\n  <<: *x\n",
      "c.b",
      2,
      "a: &x {b: 1}\nc:\n  <<: *x\n  b: 2\n",
    ],
    ["a tagged value", "a: !!str 5\n", "a", 6, "a: 6\n"],
  ])("writes %s", (_, text, path, value, expected) => {
    expect(setKey(text, p(path), value)).toBe(expected);
  });

  it("leaves a file alone that holds the value already", () => {
    expect(setKey("a:   'x'   # c", p("a"), "x")).toBe("a:   'x'   # c");
  });

  it.each([
    "007",
    "true",
    "No",
    "y",
    "null",
    "~",
    "1e3",
    "0x1f",
    "1_000",
    "2026-01-02",
    "12:30",
    "",
    " x",
    "x ",
    "a: b",
    "a #b",
    "-x",
    "*x",
    "&x",
    "!x",
    "[x",
    "{x",
    "x]",
    "%x",
    "@x",
    "`x`",
    "it's",
    '"',
    "\\",
    "tab\t",
    "line\nend",
    "\u0085",
    "\u2028",
    "🪐",
    "\ud83e",
    "é",
    "=",
    "<<",
    "127.0.0.1",
    "4G",
    "https://a.b/c?d=e#f",
    "C:",
  ])("writes the text %j so that it is read as that text", (value) => {
    const text = setKey("a: 1\nb: {c: 1}\n", p("a"), value);
    expect(parse(text).a).toBe(value);
    expect(parse(setKey(text, p("b.c"), value)).b.c).toBe(value);
    expect(parse(text, { version: "1.1" }).a).toBe(value);
  });

  it("keeps whole numbers that JavaScript cannot hold", () => {
    expect(setKey("a: 1\n", p("a"), 12345678901234567890n)).toBe("a: 12345678901234567890\n");
  });

  it("refuses to change what is written in an unusual way", () => {
    expect(code(() => setKey("? [x]\n: 1\n? a\n: 1\n", p("b"), 1))[0]).toBe(
      "CONFIG_EDIT_IMPOSSIBLE",
    );
  });

  it("refuses to change a value that others share through its anchor", () => {
    expect(code(() => setKey("a: &x {b: 1}\nc: *x\n", p("a"), 1))).toEqual([
      "CONFIG_EDIT_IMPOSSIBLE",
      expect.stringContaining("a cannot be changed in place"),
    ]);
  });

  it.each(["", "a..b", ".a", "a."])("refuses %j as the path of a key", (path) => {
    expect(code(() => p(path))).toEqual([
      "CONFIG_PATH_INVALID",
      `"${path}" is not the path of a key`,
    ]);
  });
});

describe("unset", () => {
  it.each([
    ["a key with its line", "a: 1 # x\n# y\nb: 2\n", "a", "# y\nb: 2\n"],
    ["parents that become empty", "a:\n  b:\n    c: 1\nd: 1\n", "a.b.c", "d: 1\n"],
    ["nothing but empty parents", "a:\n  b:\n    c: 1\n  d: 1\n", "a.b.c", "a:\n  d: 1\n"],
    ["the last key of a file", "# mine\na: 1\n", "a", "# mine\n"],
    ["the first key of a flow map", "a: {b: 1, c: 2}\n", "a.b", "a: {c: 2}\n"],
    ["the last key of a flow map", "a: {b: 1, c: 2}\n", "a.c", "a: {b: 1}\n"],
    ["the only key of a flow map", "a: {b: 1}\nc: 1\n", "a.b", "c: 1\n"],
    ["the only key of a file in flow style", "{a: 1}\n", "a", "{}\n"],
    ["a key without a value", "a:\nb: 1\n", "a", "b: 1\n"],
    ["a list with its comments", "a:\n# in\n- 1\n# after\nb: 1\n", "a", "# after\nb: 1\n"],
    ["a block text", "a: |\n  x\n\n  y\nb: 1\n", "a", "b: 1\n"],
    ["a last line without a line end", "a: 1\nb: 2", "b", "a: 1\n"],
  ])("removes %s", (_, text, path, expected) => {
    expect(unsetKey(text, p(path))).toBe(expected);
  });

  it.each([
    ["", "a"],
    ["a: b\n", "b"],
    ["a:\n  b: c\n", "a.z"],
    ["a: b\n", "a.b"],
    ["a: [b]\n", "a.0"],
    ["a:\n", "a.b"],
  ])("of %j complains about the missing %s", (text, path) => {
    expect(code(() => unsetKey(text, p(path)))).toEqual([
      "CONFIG_KEY_MISSING",
      `${path} does not exist in config!`,
    ]);
  });
});

describe("add-item", () => {
  it.each([
    [
      "at the end of a list",
      "a:\n  - x # c\n  # d\nb: 1\n",
      "a",
      "z",
      "a:\n  - x # c\n  - z\n  # d\nb: 1\n",
    ],
    ["to a flow list", "a: [x] # c\n", "a", "z, y", "a: [x, 'z, y'] # c\n"],
    ["to an empty list", "a: [] # c\n", "a", "z", "a: # c\n- z\n"],
    ["to an empty list in a flow map", "a: {b: []}\n", "a.b", "z", "a: {b: [z]}\n"],
    ["to a list that is not there", "", "a.b", "z", "a:\n  b:\n  - z\n"],
    ["to a key without a value", "a:\n", "a", "z", "a:\n- z\n"],
    ["in place of a number", "a: 1\n", "a", 2, "a:\n- 2\n"],
    ["to a list of maps", "a:\n- b: 1\n  c: 2\n", "a", "z", "a:\n- b: 1\n  c: 2\n- z\n"],
    ["after an item without a value", "a:\n-\n", "a", "z", "a:\n-\n- z\n"],
  ])("writes %s", (_, text, path, item, expected) => {
    expect(addItem(text, p(path), item)).toBe(expected);
  });

  it("does not replace a text, which is most likely one of the items", () => {
    expect(code(() => addItem("a: x\n", p("a"), "z"))).toEqual([
      "CONFIG_NOT_A_LIST",
      "a is not a list",
    ]);
  });
});

describe("remove-item", () => {
  it.each([
    ["an item with its line", "a:\n- x # c\n# d\n- y\n", "a", "x", "a:\n# d\n- y\n"],
    ["the first of equal items", "a:\n- x # 1\n- x # 2\n", "a", "x", "a:\n- x # 2\n"],
    [
      "the last item, and leaves an empty list",
      "a: # c\n  - x\nb: 1\n",
      "a",
      "x",
      "a: [] # c\nb: 1\n",
    ],
    ["the first item of a flow list", "a: [x, y]\n", "a", "x", "a: [y]\n"],
    ["the only item of a flow list", "a: [ x, ]\n", "a", "x", "a: []\n"],
    ["a number", "a: [1, 2.5]\n", "a", 2.5, "a: [1]\n"],
  ])("removes %s", (_, text, path, item, expected) => {
    expect(removeItem(text, p(path), item)).toBe(expected);
  });

  it.each([
    ["", "a", "CONFIG_NOT_A_LIST", "a is not a list"],
    ["", "a.b.c", "CONFIG_KEY_MISSING", "a.b.c does not exist in config!"],
    ["a: b\n", "a.b", "CONFIG_KEY_MISSING", "a.b does not exist in config!"],
    ["a: b\n", "a", "CONFIG_NOT_A_LIST", "a is not a list"],
    ["a: [b]\n", "a", "CONFIG_ITEM_MISSING", '"e" is not in the list a'],
  ])("of %j complains about %s with %s", (text, path, expected, message) => {
    expect(code(() => removeItem(text, p(path), "e"))).toEqual([expected, message]);
  });
});
