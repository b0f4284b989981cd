import fc from "fast-check";
import { expect, test } from "vitest";
import { specName } from "../prefix/history.ts";
import { reachable, Survey } from "./survey.ts";

function survey(records: readonly object[], space?: number): Survey {
  const found = new Survey();
  for (const [place, record] of records.entries()) {
    const bytes = Buffer.from(JSON.stringify(record, null, space));
    found.record("packages", Buffer.from(`${place}`), bytes, place * 10, place * 10 + 9);
  }
  return found;
}

test("a package needs what any of its records depends on", () => {
  const { needs } = survey([
    { depends: ["b >=1", "conda-forge::C"], name: "a" },
    { depends: ["b >=1", "conda-forge::C"], name: "a" },
    { name: "a", depends: ["d[build='x]']", "e=1"] },
    { name: "b" },
    { name: "f", license: '"name": "g", "depends": ["h"]', depends: [] },
  ]);
  expect([...(needs.get("a") ?? [])]).toEqual(["b", "c", "d", "e"]);
  expect([needs.get("b")?.size, needs.get("f")?.size, needs.get("g")]).toEqual([0, 0, undefined]);
});

test("names of dependencies are those that a spec is read to be about", () => {
  const name = fc.stringMatching(/^[a-z_][a-z0-9._-]*$/);
  const spec = fc
    .tuple(name, fc.constantFrom("", " >=1,<2", "=1", "==1.0 0", " *", "[version='>1']", ">=2"))
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.array(spec), fc.constantFrom(undefined, 2), (depends, space) => {
      const { needs } = survey([{ name: "a", depends }], space);
      expect(needs.get("a")).toEqual(new Set(depends.map(specName)));
    }),
  );
});

test("records of one name that stand together are one range", () => {
  const found = survey([{ name: "a" }, { name: "a" }, { name: "b" }, { name: "a" }]);
  expect(found.ranges(new Set(["a"]))).toMatchObject([
    { start: 0, end: 19 },
    { start: 30, end: 39 },
  ]);
});

test("a record without a name is none", () => {
  expect(() => survey([{ depends: ["name"] }])).toThrow("no name");
});

test("what is needed is found over several texts and round circles", () => {
  const one = survey([
    { name: "a", depends: ["b"] },
    { name: "x", depends: ["y"] },
  ]);
  const other = survey([{ name: "b", depends: ["a", "c"] }]);
  expect([...reachable(["a"], [one, other])].sort()).toEqual(["a", "b", "c"]);
});
