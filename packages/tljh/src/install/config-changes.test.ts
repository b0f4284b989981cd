import fc from "fast-check";
import { expect, test } from "vitest";
import { type ConfigChange, configChanges } from "./config-changes.ts";

test("equal configurations need no change", () => {
  expect(configChanges({ a: { b: [1] } }, { a: { b: [1] } })).toEqual([]);
});

test("a changed leaf is set without touching its neighbours", () => {
  expect(configChanges({ a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } })).toEqual([
    { path: ["a", "c"], value: 3 },
  ]);
});

test("a list is replaced whole", () => {
  expect(configChanges({ a: [1] }, { a: [1, 2] })).toEqual([{ path: ["a"], value: [1, 2] }]);
});

test("a key that is gone is removed", () => {
  expect(configChanges({ a: 1, b: 2 }, { b: 2 })).toEqual([{ path: ["a"] }]);
});

test("applying the changes to the one configuration gives the other", () => {
  const config = fc.dictionary(
    fc.constantFrom("a", "b", "c"),
    fc.jsonValue({ maxDepth: 3, noUnicodeString: true }),
  );
  fc.assert(
    fc.property(config, config, (before, after) => {
      const result = configChanges(before, after).reduce(applyChange, structuredClone(before));
      expect(JSON.parse(JSON.stringify(result))).toEqual(JSON.parse(JSON.stringify(after)));
    }),
  );
});

function applyChange(config: unknown, change: ConfigChange): unknown {
  const [key, ...rest] = change.path;
  if (key === undefined) return change.value;
  const map = { ...(config as Record<string, unknown>) };
  if (rest.length > 0) map[key] = applyChange(map[key], { ...change, path: rest });
  else if ("value" in change) map[key] = change.value;
  else delete map[key];
  return map;
}
