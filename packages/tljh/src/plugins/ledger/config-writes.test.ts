import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configWrites, replay, undo } from "./config-writes.ts";

const undone = (...args: Parameters<typeof undo>) => undo(...args).config;

describe("the writes between two configurations", () => {
  it("name each key, also of maps that are new or gone", () => {
    const before = { limits: { memory: "1G", cpu: 2 }, old: { a: { b: 1 } } };
    const after = { limits: { memory: "2G", cpu: 2 }, fresh: { x: { y: [1] } } };
    expect(configWrites(before, after)).toEqual([
      { path: ["limits", "memory"], before: "1G", value: "2G" },
      { path: ["old", "a", "b"], before: 1 },
      { path: ["fresh", "x", "y"], value: [1] },
    ]);
  });

  it("hold a list, and a map that takes the place of something else, as one value", () => {
    expect(configWrites({ a: [1], b: 2 }, { a: [1, 2], b: { c: 3 } })).toEqual([
      { path: ["a"], before: [1], value: [1, 2] },
      { path: ["b"], before: 2, value: { c: 3 } },
    ]);
  });

  it("are none where nothing differs", () => {
    expect(configWrites({ a: { b: [{ c: null }] } }, { a: { b: [{ c: null }] } })).toEqual([]);
  });
});

describe("undoing writes", () => {
  it("brings back what stood there, and takes away maps that are empty then", () => {
    const writes = configWrites({ users: { admin: ["a"] } }, { users: {}, limits: { memory: 1 } });
    expect(undone({ limits: { memory: 1 } }, writes)).toEqual({ users: { admin: ["a"] } });
  });

  it("leaves alone what the admin has changed since, and says so", () => {
    const writes = configWrites({}, { limits: { memory: "1G", cpu: 1 } });
    const { config, undone: done } = undo({ limits: { memory: "4G", cpu: 1, extra: 2 } }, writes);
    expect(config).toEqual({ limits: { memory: "4G", extra: 2 } });
    expect([...done].map(({ path }) => path)).toEqual([["limits", "cpu"]]);
  });

  it("goes back through several writes of one key", () => {
    const writes = [...configWrites({ a: 1 }, { a: 2 }), ...configWrites({ a: 2 }, { a: 3 })];
    expect(undone({ a: 3 }, writes)).toEqual({ a: 1 });
  });

  it("never puts a map in the place of what the admin has put there", () => {
    const writes = configWrites({ a: { b: 1 } }, {});
    expect(undone({ a: 5 }, writes)).toEqual({ a: 5 });
  });

  it("knows nothing of what objects inherit", () => {
    const writes = configWrites({}, { constructor: { toString: 1 } });
    expect(writes).toEqual([{ path: ["constructor", "toString"], value: 1 }]);
    expect(undone({ constructor: { toString: 1 } }, writes)).toEqual({});
  });
});

describe("whatever a plugin does to a configuration", () => {
  const { config } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 3 }, fc.integer(), fc.string(), fc.constant(null), tie("config")),
    config: fc.dictionary(fc.constantFrom("a", "b", "c", "__proto__"), tie("value"), {
      minKeys: 1,
      maxKeys: 3,
      noNullPrototype: true,
    }),
  })) as { config: fc.Arbitrary<Record<string, unknown>> };

  it("its writes make it again, and undone leave what was there", () => {
    fc.assert(
      fc.property(config, config, (before, after) => {
        const writes = configWrites(before, after);
        expect(replay(before, writes)).toEqual(after);
        expect(undone(after, writes)).toEqual(before);
      }),
    );
  });
});
