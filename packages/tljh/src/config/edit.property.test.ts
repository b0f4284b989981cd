import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConfigDocument, plainNumber } from "./document.ts";
import { addItem, removeItem, setKey, unsetKey } from "./edit.ts";
import { renderFlow, renderScalar } from "./render.ts";

/** A line of a made-up file, and the key whose value stands on it; a comment's is the map it stands in. */
interface Line {
  readonly text: string;
  readonly owner: readonly string[];
  readonly comment: boolean;
}

interface Style {
  readonly step: number;
  readonly dash: number;
  readonly newline: "\n" | "\r\n";
  readonly lastNewline: boolean;
  /** Decides, one after the other: flow or block, a comment or none, blanks or none. */
  readonly choices: readonly number[];
}

type Data = { [key: string]: unknown };

const keys = fc.constantFrom("a", "b", "c", "users", "auth", "007", "true", "x y", "ключ", "it's");
const scalars = fc.oneof(
  fc.constantFrom(
    "x",
    "yes",
    "",
    "a: b",
    "# no",
    "4G",
    null,
    true,
    false,
    0,
    7,
    1.5,
    -3,
    "- x",
    "é\n",
  ),
  fc.string({ unit: "grapheme", maxLength: 8 }),
  fc.integer(),
);
const lists = fc.array(scalars, { maxLength: 3 });
const maps: fc.Arbitrary<Data> = fc.letrec<{ map: Data; value: unknown }>((tie) => ({
  value: fc.oneof({ depthSize: "small" }, scalars, lists, tie("map")),
  map: fc.dictionary(keys, tie("value"), { maxKeys: 4 }),
})).map;
const styles: fc.Arbitrary<Style> = fc.record({
  step: fc.integer({ min: 1, max: 5 }),
  dash: fc.integer({ min: 0, max: 3 }),
  newline: fc.constantFrom("\n" as const, "\r\n" as const),
  lastNewline: fc.boolean(),
  choices: fc.array(fc.nat(11), { minLength: 12, maxLength: 12 }),
});
const paths = fc.array(keys, { minLength: 1, maxLength: 3 });

/** Writes data as a person might: every line that it makes has an owner. */
function write(data: Data, style: Style): Line[] {
  let turn = 0;
  const choose = (among: number) => (style.choices[turn++ % style.choices.length] ?? 0) % among;
  let number = 0;
  const trailing = () => (choose(3) === 0 ? `  # t${number++}` : "");
  const lines: Line[] = [];
  const between = (owner: readonly string[], indent: number) => {
    const pick = choose(6);
    if (pick === 0)
      lines.push({ text: `${" ".repeat(indent)}# c${number++}`, owner, comment: true });
    if (pick === 1) lines.push({ text: "", owner, comment: true });
  };
  const pair = (key: string, value: unknown, owner: readonly string[], indent: number) => {
    const head = `${" ".repeat(indent)}${renderScalar(key)}:`;
    const filled = typeof value === "object" && value !== null && Object.keys(value).length > 0;
    if (!filled || choose(4) === 0) {
      const absent = value === null && choose(2) === 0;
      const shown = absent ? "" : ` ${renderFlow(value)}`;
      lines.push({ text: head + shown + trailing(), owner, comment: false });
      return;
    }
    lines.push({ text: head + trailing(), owner, comment: false });
    if (!Array.isArray(value)) return map(value as Data, owner, indent + style.step);
    for (const item of value) {
      between(owner, indent + style.dash);
      const text = `${" ".repeat(indent + style.dash)}- ${renderFlow(item)}${trailing()}`;
      lines.push({ text, owner: [...owner, "-"], comment: false });
    }
  };
  const map = (value: Data, owner: readonly string[], indent: number) => {
    for (const [key, inner] of Object.entries(value)) {
      between(owner, indent);
      pair(key, inner, [...owner, key], indent);
    }
  };
  map(data, [], 0);
  between([], 0);
  return lines;
}

function fileOf(lines: readonly Line[], { newline, lastNewline }: Style): string {
  const text = lines.map((line) => line.text).join(newline);
  return lines.length > 0 && lastNewline ? text + newline : text;
}

const read = (text: string): Data => numbers(parseConfigDocument(text).yaml.toJS() ?? {}) as Data;

function numbers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(numbers);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, numbers(inner)]));
  return Object.is(value, -0) ? 0 : plainNumber(value);
}

const startsWith = (path: readonly string[], start: readonly string[]) =>
  start.every((name, index) => path[index] === name);

/**
 * Lines that must stand: all but those at or below the edited key, and the one line on which a value above
 * it stands that is a scalar, a flow collection or a list. `within`: comments below the key stand too.
 */
function mustStand(lines: readonly Line[], edited: readonly string[], within = false): string[] {
  const isOpen = (owner: readonly string[]) =>
    lines.some(
      (line) =>
        line.owner.length > owner.length &&
        line.owner.at(-1) !== "-" &&
        startsWith(line.owner, owner),
    );
  return lines
    .filter(({ owner, comment }) => {
      const plain = owner.at(-1) === "-" ? owner.slice(0, -1) : owner;
      if (startsWith(plain, edited)) return comment && within;
      return !startsWith(edited, plain) || plain.length === 0 || (isOpen(plain) && owner === plain);
    })
    .map((line) => line.text);
}

function expectLines(
  after: string,
  standing: readonly string[],
  style: Style,
  before: string,
): void {
  const found = after.split(/\r?\n/);
  let from = 0;
  for (const line of standing) {
    const at = found.indexOf(line, from);
    expect(at, `the line ${JSON.stringify(line)} of\n${before}\nstands in\n${after}`).not.toBe(-1);
    from = at + 1;
  }
  const breaks = new Set(after.match(/\r?\n/g) ?? []);
  const known = before.includes("\n") ? style.newline : "\n";
  expect([...breaks].every((newline) => newline === known)).toBe(true);
}

const isMap = (value: unknown): value is Data =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function put(data: Data, [name = "", ...rest]: readonly string[], value: unknown): Data {
  const inner = data[name];
  return { ...data, [name]: rest.length ? put(isMap(inner) ? inner : {}, rest, value) : value };
}

function drop(data: Data, [name = "", ...rest]: readonly string[]): Data {
  const { [name]: inner, ...others } = data;
  if (rest.length === 0) return others;
  const left = drop(inner as Data, rest);
  return Object.keys(left).length === 0 ? others : { ...data, [name]: left };
}

const at = (data: unknown, path: readonly string[]) =>
  path.reduce<unknown>(
    (here, name) => (isMap(here) && Object.hasOwn(here, name) ? here[name] : undefined),
    data,
  );

/** All paths of the data, so that edits meet what is there. */
function allPaths(data: Data, above: readonly string[] = []): string[][] {
  return Object.entries(data).flatMap(([name, inner]) => {
    const path = [...above, name];
    return [path, ...(isMap(inner) ? allPaths(inner, path) : [])];
  });
}

const runs = { numRuns: 300 };

describe("any edit of any file leaves every other line as it was", () => {
  it("and sets what it should", () => {
    fc.assert(
      fc.property(
        maps,
        styles,
        paths,
        fc.nat(),
        fc.oneof(scalars, lists),
        (data, style, other, pick, value) => {
          const there = allPaths(data);
          const path = pick % 3 === 0 ? other : (there[pick % Math.max(1, there.length)] ?? other);
          const lines = write(data, style);
          const before = fileOf(lines, style);
          expect(read(before)).toEqual(numbers(data));
          const after = setKey(before, path, value);
          expect(read(after)).toEqual(numbers(put(data, path, value)));
          expectLines(after, mustStand(lines, path), style, before);
        },
      ),
      runs,
    );
  });

  it("and unsets what it should, with parents that became empty", () => {
    fc.assert(
      fc.property(maps, styles, fc.nat(), (data, style, pick) => {
        const there = allPaths(data);
        fc.pre(there.length > 0);
        const path = there[pick % there.length] ?? [];
        const lines = write(data, style);
        const before = fileOf(lines, style);
        const after = unsetKey(before, path);
        const expected = drop(data, path);
        expect(read(after)).toEqual(numbers(expected));
        const top = path.findIndex(
          (_, depth) => at(expected, path.slice(0, depth + 1)) === undefined,
        );
        expectLines(after, mustStand(lines, path.slice(0, top + 1)), style, before);
      }),
      runs,
    );
  });

  it("and adds and removes the items it should", () => {
    fc.assert(
      fc.property(maps, styles, paths, fc.nat(), scalars, (data, style, other, pick, item) => {
        const listPaths = allPaths(data).filter((path) => Array.isArray(at(data, path)));
        const path = listPaths[pick % Math.max(1, listPaths.length)] ?? other;
        fc.pre(typeof at(data, path) !== "string");
        const lines = write(data, style);
        const before = fileOf(lines, style);
        const old = at(data, path);
        const list = Array.isArray(old) ? old : [];
        const added = addItem(before, path, item);
        expect(read(added)).toEqual(numbers(put(data, path, [...list, item])));
        expectLines(added, mustStand(lines, path, Array.isArray(old)), style, before);
        const first = list.length > 0 ? list[pick % list.length] : item;
        const removed = removeItem(added, path, numbers(first));
        const rest = [...list, item];
        rest.splice(
          rest.findIndex((each) => Object.is(numbers(each), numbers(first))),
          1,
        );
        expect(read(removed)).toEqual(numbers(put(data, path, rest)));
        expectLines(removed, mustStand(lines, path, Array.isArray(old)), style, before);
      }),
      runs,
    );
  });
});
