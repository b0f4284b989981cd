import { expect, it } from "vitest";
import type { TljhError } from "../../errors/error.ts";
import { checkDeclaration } from "./check.ts";

const about = "Disk space of a user.";

function refused(value: unknown): [code: string, message: string, remedy: string] {
  try {
    checkDeclaration("disks", value);
  } catch (error) {
    const { code, message, remedy } = error as TljhError;
    return [code, message, remedy];
  }
  throw new Error("nothing is wrong with it");
}

const withKey = (key: unknown) => ({ section: "quota", keys: { gigabytes: key } });

it("takes every type with all that it can say", () => {
  const simple = {
    name: {
      type: "string",
      minLength: 1,
      maxLength: 8,
      pattern: "^[a-z]+$",
      default: "x",
      description: about,
    },
    tier: { type: "string", enum: ["small", "large"], default: "small", description: about },
    gigabytes: {
      type: "integer",
      minimum: 1,
      maximum: 99,
      default: 10,
      examples: [20],
      description: about,
    },
    share: { type: "number", minimum: 0.5, enum: [0.5, 1], description: about },
    strict: { type: "boolean", default: false, description: about },
    token: { type: "string", secret: true, description: about },
    groups: {
      type: "array",
      items: { type: "string", pattern: "^g" },
      default: ["g1"],
      description: about,
    },
    of: {
      type: "object",
      additionalProperties: { type: "integer", minimum: 0 },
      default: { a: 1 },
      description: about,
    },
  };
  const declaration = { section: "quota", keys: simple };
  expect(checkDeclaration("disks", declaration)).toEqual(declaration);
});

it("gives back a copy, with each description on one line", () => {
  const key = {
    type: "array",
    items: { type: "string" },
    default: ["a"],
    description: " One\n  line.\t",
  };
  const { keys } = checkDeclaration("disks", withKey(key));
  expect(keys.gigabytes?.description).toBe("One line.");
  key.default.push("b");
  expect(keys.gigabytes?.default).toEqual(["a"]);
});

it.each([
  ["quota", 'it is "quota"'],
  [null, "it is null"],
  [[], "it is a list"],
  [{ section: "quota", key: {} }, 'it has "key"; did you mean keys?'],
  [{ section: "quota", keys: [] }, "keys is a list"],
  [{ section: "quota" }, "keys is missing"],
  [{ keys: {} }, "section is missing"],
  [{ section: "quota", keys: { "a.b": {} } }, '"a.b" cannot be the name of a key'],
  [{ section: "quota", keys: { ["__proto__"]: {} } }, '"__proto__" cannot be the name of a key'],
  [
    {
      section: "quota",
      keys: Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`k${i}`, {}])),
    },
    "it has 201 keys, and 200 are allowed",
  ],
])("is no declaration: %j", (value, wrong) => {
  const [code, message] = refused(value);
  expect(code).toBe("PLUGIN_SETTINGS_INVALID");
  expect(message).toBe(
    `Plugin disks answered tljh_settings_schema with what declares no settings: ${wrong}`,
  );
});

it.each([
  ["users", "that section is TLJH's own"],
  ["base_url", "that section is TLJH's own"],
  ["my.quota", "that is no name of a section"],
  ["", "that is no name of a section"],
  ["x".repeat(65), "that is no name of a section"],
])("cannot have the section %j", (section, wrong) => {
  const [code, message] = refused({ section, keys: {} });
  expect([code, message]).toEqual([
    "PLUGIN_SETTINGS_SECTION_INVALID",
    expect.stringContaining(wrong),
  ]);
  expect(message).toContain("Plugin disks ");
});

it.each([
  [5, "it is 5, not a map", "Write it like this"],
  [{ type: "int", description: about }, 'its type is "int"', "Write integer."],
  [{ description: about }, "its type is missing", "The types are string, integer,"],
  [{ type: "integer" }, "its description is missing", "Say in a sentence"],
  [{ type: "integer", description: " " }, 'its description is " "', "Say in a sentence"],
  [
    { type: "integer", description: "\u001b[31m" },
    "its description holds control characters",
    "Say",
  ],
  [
    { type: "integer", description: "x".repeat(1001) },
    "its description has 1001 characters",
    "1000",
  ],
  [
    { type: "integer", minimun: 1, description: about },
    'it has "minimun", which the type integer does not take',
    "Write minimum, or remove it.",
  ],
  [
    { type: "string", minimum: 1, description: about },
    'it has "minimum", which the type string',
    "takes",
  ],
  [
    { type: "integer", minimum: 0.5, description: about },
    "minimum is 0.5, not a whole number",
    "Correct",
  ],
  [
    { type: "number", maximum: Number.NaN, description: about },
    "maximum is NaN, not a number",
    "Correct",
  ],
  [
    { type: "integer", minimum: 9, maximum: 1, description: about },
    "minimum is 9, which leaves no",
    "Correct",
  ],
  [
    { type: "string", minLength: -1, description: about },
    "minLength is -1, not a whole",
    "Correct",
  ],
  [
    { type: "string", minLength: 5, maxLength: 2, description: about },
    "minLength is such that no",
    "Correct",
  ],
  [
    { type: "string", pattern: "(", description: about },
    "pattern is no regular expression: ",
    "Correct",
  ],
  [
    { type: "string", pattern: "a".repeat(201), description: about },
    "pattern is 201 characters",
    "Correct",
  ],
  [{ type: "string", pattern: 5, description: about }, "pattern is 5, not text", "Correct"],
  [
    { type: "string", enum: [], description: about },
    "enum is a list, not a list of values",
    "Correct",
  ],
  [
    { type: "integer", enum: [1, "2"], description: about },
    'enum is a list with "2", which is not',
    "Correct",
  ],
  [
    { type: "integer", default: "10", description: about },
    'default is "10", but must be a whole',
    "Correct",
  ],
  [
    { type: "integer", default: null, description: about },
    "default is null, but must be a",
    "Correct",
  ],
  [
    { type: "integer", minimum: 1, default: 0, description: about },
    "default is 0, but must be a",
    "Correct",
  ],
  [{ type: "string", default: 5, description: about }, "default is 5, but must be text", "Correct"],
  [
    { type: "string", enum: ["a", "b"], default: "c", description: about },
    'default is "c", but must be a or b',
    "Correct",
  ],
  [
    { type: "integer", default: () => 5, description: about },
    "default is a function, but",
    "Correct",
  ],
  [{ type: "boolean", examples: true, description: about }, "examples is true", "Write a list"],
  [
    { type: "boolean", examples: ["yes"], description: about },
    'an example is "yes", but must be',
    "Correct",
  ],
  [
    { type: "string", secret: "yes", description: about },
    'secret is "yes"',
    "Write true or false.",
  ],
  [{ type: "array", description: about }, "items is missing", 'Write items: { type: "string" }.'],
  [
    { type: "array", items: { type: "string" }, default: ["a", 5], description: about },
    "default is a list, but must be a list, each item text",
    "Correct",
  ],
  [
    {
      type: "object",
      additionalProperties: { type: "integer" },
      default: { a: "x" },
      description: about,
    },
    'default holds "x", but must be a map, each value a whole number',
    "Correct",
  ],
])("cannot have the key %j", (key, wrong, remedy) => {
  const [code, message, told] = refused(withKey(key));
  expect(code).toBe("PLUGIN_SETTINGS_KEY_INVALID");
  expect(message).toContain(`Plugin disks declares its setting quota.gigabytes wrongly: ${wrong}`);
  expect(told).toContain(remedy);
});

it.each([
  [{ type: "array" }, 'its type is "array"'],
  [
    { type: "string", description: "x" },
    'it has "description", which the type string does not take',
  ],
  [{ type: "integer", maximum: "9" }, 'maximum is "9", not a whole number'],
])("cannot have items such as %j", (items, wrong) => {
  const [, message] = refused(withKey({ type: "array", items, description: about }));
  expect(message).toContain(`its setting quota.gigabytes.items wrongly: ${wrong}`);
});
