import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SettingKey, SettingsDeclaration } from "./declaration.ts";
import { settingsValues } from "./values.ts";

const description = "x";
const declaration: SettingsDeclaration = {
  section: "quota",
  keys: {
    gigabytes: { type: "integer", minimum: 1, default: 10, examples: [20], description },
    name: { type: "string", minLength: 2, maxLength: 4, description },
    tier: { type: "string", enum: ["small", "large"], default: "small", description },
    share: { type: "number", minimum: 0, maximum: 1, description },
    strict: { type: "boolean", default: false, description },
    token: { type: "string", secret: true, pattern: "^[a-z]+$", description },
    groups: {
      type: "array",
      items: { type: "string", pattern: "^g" },
      default: ["g"],
      description,
    },
    each: { type: "object", additionalProperties: { type: "integer" }, description },
  },
};
const defaults = { gigabytes: 10, tier: "small", strict: false, groups: ["g"] };

const one = (key: SettingKey, value: unknown) =>
  settingsValues({ section: "s", keys: { k: key } }, { k: value });

describe("the values of a section", () => {
  it.each([[undefined], [null], [{}], [{ gigabytes: null }]])(
    "are the defaults for %j",
    (written) => {
      expect(settingsValues(declaration, written)).toEqual({ values: defaults, problems: [] });
    },
  );

  it("are those that are written, each as its key has it", () => {
    const written = {
      gigabytes: 3,
      name: 12,
      tier: "large",
      share: 1,
      strict: true,
      groups: ["g1", "g2"],
      each: { a: 1, ["__proto__"]: 2 },
    };
    const { values, problems } = settingsValues(declaration, written);
    expect(values).toEqual({ ...written, name: "12" });
    expect(problems).toEqual([]);
  });

  it("are a copy, so that no plugin changes another call's", () => {
    const first = settingsValues(declaration, {}).values.groups as string[];
    first.push("mine");
    expect(settingsValues(declaration, {}).values.groups).toEqual(["g"]);
  });

  it("count a character outside of Unicode's first plane once", () => {
    expect(one({ type: "string", maxLength: 1, description }, "😀").problems).toEqual([]);
  });
});

describe("a value that does not fit", () => {
  const problems = (written: unknown) =>
    settingsValues(declaration, written).problems.map(({ message, remedy }) => [message, remedy]);

  it.each([
    [
      { gigabytes: "lots" },
      'quota.gigabytes is "lots", but must be a whole number, 1 or more',
      "Set it, for example: sudo tljh-config set quota.gigabytes 20",
    ],
    [{ gigabytes: 1.5 }, "quota.gigabytes is 1.5, but must be a whole number, 1 or more", "20"],
    [{ gigabytes: 2n ** 70n }, "quota.gigabytes is 1180591620717411303424, but must be a", "20"],
    [{ name: "x" }, 'quota.name is "x", but must be text of 2 to 4 characters', "quota.name VALUE"],
    [{ tier: "tiny" }, 'quota.tier is "tiny", but must be small or large', "set quota.tier small"],
    [{ share: 2 }, "quota.share is 2, but must be a number from 0 to 1", "set quota.share 0"],
    [{ strict: "yes" }, 'quota.strict is "yes", but must be true or false', "quota.strict false"],
    [
      { groups: "g1" },
      'quota.groups is "g1", but must be a list, each item text that matches ^g',
      "Unset it, then add each item: sudo tljh-config unset quota.groups; sudo tljh-config add-item quota.groups g1",
    ],
    [
      { groups: ["g", "x"] },
      'quota.groups.1 is "x", but must be text that matches ^g',
      "Correct the item in the file, or remove it and add another: sudo tljh-config add-item quota.groups g",
    ],
    [
      { each: { a: "b" } },
      'quota.each.a is "b", but must be a whole number',
      "Set its keys one by one, as in: sudo tljh-config set quota.each.a 1",
    ],
    [
      { each: [1] },
      "quota.each is a list, but must be a map, each value a",
      "set quota.each.NAME 1",
    ],
    [{ gigabites: 5 }, "quota.gigabites: did you mean quota.gigabytes?", "Write quota.gigabytes"],
    [{ colour: 5 }, "quota.colour: there is no such key", "sudo tljh-config unset quota.colour"],
    [
      5,
      "quota is 5, but must be a section with the keys gigabytes, name, tier,",
      "quota.gigabytes 20",
    ],
  ])("is told: %o", (written, message, remedy) => {
    expect(problems(written)).toEqual([
      [expect.stringContaining(message), expect.stringContaining(remedy)],
    ]);
  });

  it("gives way to the default, is no reason not to start the hub, and spoils no other key", () => {
    const { values, problems } = settingsValues(declaration, {
      gigabytes: 0,
      name: "x",
      strict: true,
    });
    expect(values).toEqual({ ...defaults, strict: true });
    expect(problems.map(({ severity }) => severity)).toEqual(["tolerated", "tolerated"]);
  });

  it("is not repeated when it is secret", () => {
    const text = JSON.stringify(problems({ token: "Hush 1" }));
    expect(text).toContain("quota.token is something else, but must be text that matches");
    expect(text).not.toContain("Hush");
  });

  it("does not hang the program when the pattern would take for ever", () => {
    const key: SettingKey = { type: "string", pattern: "^(a+)+$", description };
    expect(one(key, `${"a".repeat(60)}b`).problems).toHaveLength(1);
    expect(one(key, "aaa").problems).toEqual([]);
  });

  it("never makes a value that does not fit, whatever is written", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(declaration.keys)), fc.jsonValue()),
        (written) => {
          const { values } = settingsValues(declaration, written);
          expect(settingsValues(declaration, values)).toEqual({ values, problems: [] });
        },
      ),
    );
  });
});

it.each([
  [{ type: "string", examples: ["it's"], description }, "set s.k 'it'\\''s'"],
  [{ type: "string", examples: ["-x"], description }, "set s.k -- '-x'"],
  [{ type: "integer", minimum: -5, description }, "set s.k -5"],
  [{ type: "boolean", description }, "set s.k true"],
  [{ type: "integer", secret: true, default: 5, description }, "set s.k VALUE"],
] as [SettingKey, string][])("shows how %j is set", (key, command) => {
  expect(one(key, {}).problems[0]?.remedy).toBe(`Set it, for example: sudo tljh-config ${command}`);
});
