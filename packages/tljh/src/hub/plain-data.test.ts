import { expect, it } from "vitest";
import { copyData } from "./plain-data.ts";

const copy = (value: unknown) =>
  copyData(value, { refuse: (path, what) => new Error(`${what} at ${path || "the top"}`) });

it("copies what JSON can carry, whatever its names are, without undefined entries", () => {
  const value = JSON.parse('{ "__proto__": { "a": [1, null, "x"] }, "b": true }');
  const copied = copy(Object.assign(value, { c: undefined }));
  expect(copied).not.toHaveProperty("c");
  expect(JSON.stringify(copied)).toBe('{"__proto__":{"a":[1,null,"x"]},"b":true}');
  expect(Object.getPrototypeOf(copied)).toBe(Object.prototype);
});

it.each([
  [() => 1, "a function at the top"],
  [{ a: [0, { "b c": new Map() }] }, "an instance of Map at a[1].b c"],
  [[[undefined]], "undefined at [0][0]"],
  [{ a: [Number.NaN] }, "NaN at a[0]"],
])("refuses anything else, and says where it is", (value, message) => {
  expect(() => copy(value)).toThrow(message);
});

it("takes the same value at two places, but none inside itself", () => {
  const shared = { x: 1 };
  expect(copy([shared, { shared }])).toEqual([{ x: 1 }, { shared: { x: 1 } }]);
  const own: unknown[] = [];
  own.push({ own });
  expect(() => copy(own)).toThrow("itself at [0].own");
});
