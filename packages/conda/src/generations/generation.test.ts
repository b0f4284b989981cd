import fc from "fast-check";
import { expect, test } from "vitest";
import { composeChanges, currentAuthor, originOf, reversed } from "./generation.ts";
import { compareInventories } from "./inventory.ts";

const versions = fc.dictionary(fc.constantFrom("a", "b", "c", "d"), fc.constantFrom("1 0", "2 0"));
const inventory = fc.record({ conda: versions, pip: versions });

test("several changes come to what first and last state differ in", () => {
  fc.assert(
    fc.property(fc.array(inventory, { minLength: 2, maxLength: 6 }), (states) => {
      const steps = states.slice(1).map((after, place) => {
        const before = states[place];
        return before === undefined ? [] : compareInventories(before, after);
      });
      const [first, last] = [states[0], states.at(-1)];
      const whole = first && last ? compareInventories(first, last) : [];
      expect(composeChanges(steps)).toEqual(whole);
    }),
  );
});

test("a change that is taken back is the comparison the other way round", () => {
  fc.assert(
    fc.property(inventory, inventory, (a, b) => {
      expect(compareInventories(a, b).map(reversed)).toEqual(compareInventories(b, a));
    }),
  );
});

test("a rollback to a rollback is like the generation that both went back to", () => {
  const generation = (number: number, rolledBackTo?: number) => ({
    number,
    id: String(number),
    kind: "change" as const,
    at: "",
    changes: [],
    ...(rolledBackTo !== undefined && { rolledBackTo }),
  });
  const all = [generation(1), generation(2), generation(3, 1), generation(4, 3)];
  expect(all.map(({ number }) => originOf(number, all))).toEqual([1, 2, 1, 1]);
});

test("who used sudo is the author, not root", () => {
  const sudo = { SUDO_UID: "1000", SUDO_USER: "ada", USER: "root" };
  expect(currentAuthor(sudo)).toEqual({ uid: 1000, name: "ada" });
  expect(currentAuthor({ SUDO_UID: "x" })).toEqual({ uid: process.getuid?.() });
});

test("who asked for a package is told however its name was written", () => {
  const before = { conda: {}, pip: {} };
  const after = { conda: {}, pip: { "ruamel-yaml": "1" } };
  expect(compareInventories(before, after, { "Ruamel.YAML": "tljh-simple" })).toEqual([
    { manager: "pip", name: "ruamel-yaml", to: "1", because: "tljh-simple" },
  ]);
});
