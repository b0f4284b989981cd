import { isDeepStrictEqual } from "node:util";
import { nearest } from "../../config/near.ts";
import type { SettingKey, SimpleType } from "../../config/settings/declaration.ts";
import { expectation } from "../../config/settings/expects.ts";
import { fit } from "../../config/settings/fit.ts";
import { settingsKeyInvalid } from "../../errors/plugin-settings.ts";
import { isMap, said } from "./plain.ts";

/** A plugin and one key of what it declares: `quota.gigabytes`. */
export interface KeyPlace {
  readonly plugin: string;
  readonly key: string;
}

type Given = Readonly<Record<string, unknown>>;
/** Says what is wrong with the value of a keyword, to follow "minimum is …"; undefined if nothing is. */
type Rule = (value: unknown, of: Given) => string | undefined;

const LONGEST_TEXT = 1000;
const LONGEST_PATTERN = 200;
const LONGEST_LIST = 100;

const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);
const isNumber = (value: unknown): value is number => Number.isFinite(value);

const bound =
  (other: "minimum" | "maximum"): Rule =>
  (value, of) => {
    if (!(of.type === "integer" ? isInteger(value) : isNumber(value)))
      return `${said(value)}, not ${of.type === "integer" ? "a whole number" : "a number"}`;
    const ends = other === "maximum" ? [value, of.maximum] : [of.minimum, value];
    return Number(ends[0]) > Number(ends[1]) ? `${said(value)}, which leaves no number` : undefined;
  };

const length: Rule = (value, of) => {
  if (!isInteger(value) || value < 0) return `${said(value)}, not a whole number, 0 or more`;
  return Number(of.minLength) > Number(of.maxLength) ? "such that no text is left" : undefined;
};

const pattern: Rule = (value) => {
  if (typeof value !== "string") return `${said(value)}, not text`;
  if (value.length > LONGEST_PATTERN)
    return `${value.length} characters long, and ${LONGEST_PATTERN} are allowed`;
  try {
    new RegExp(value, "u");
    return undefined;
  } catch (error) {
    return `no regular expression: ${error instanceof Error ? error.message : String(error)}`;
  }
};

const choices: Rule = (value, of) => {
  if (!Array.isArray(value) || value.length === 0) return `${said(value)}, not a list of values`;
  if (value.length > LONGEST_LIST) return `a list of ${value.length} values`;
  const type = { type: of.type } as SimpleType;
  const wrong = value.find(
    (one) => typeof one !== kindOf(type) || "wrong" in fit(asKey(type), one),
  );
  return wrong === undefined
    ? undefined
    : `a list with ${said(wrong)}, which is not ${expectation(type)}`;
};

const kindOf = ({ type }: SimpleType) => (type === "integer" ? "number" : type);
const asKey = (type: SimpleType) => ({ ...type, description: "" }) as SettingKey;

const TEXT_TYPE = { enum: choices, minLength: length, maxLength: length, pattern };
const NUMBER_TYPE = { enum: choices, minimum: bound("maximum"), maximum: bound("minimum") };

const SIMPLE: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  string: TEXT_TYPE,
  integer: NUMBER_TYPE,
  number: NUMBER_TYPE,
  boolean: {},
};
const TYPES = [...Object.keys(SIMPLE), "array", "object"];
const OF_EVERY_KEY = ["type", "description", "default", "examples", "secret"];
/** How the type of what is inside is called. */
const INSIDE: Readonly<Record<string, string>> = { array: "items", object: "additionalProperties" };

/** One key's declaration, checked. Throws `PLUGIN_SETTINGS_KEY_INVALID`. */
export function checkKey(place: KeyPlace, value: unknown): SettingKey {
  if (!isMap(value)) throw wrong(place, `it is ${said(value)}, not a map`, EXAMPLE);
  const type = checkType(place, value.type, TYPES);
  const inside = INSIDE[type];
  const rules = SIMPLE[type] ?? {};
  const known = [...OF_EVERY_KEY, ...Object.keys(rules), ...(inside ? [inside] : [])];
  checkKeywords(place, value, known);
  checkRules(place, value, rules);
  const key = {
    ...value,
    description: checkDescription(place, value.description),
    ...(inside ? { [inside]: checkInside(place, inside, value[inside]) } : {}),
  } as SettingKey;
  if (![true, false, undefined].includes(value.secret as boolean | undefined))
    throw wrong(place, `secret is ${said(value.secret)}`, "Write true or false.");
  checkValues(place, key);
  return structuredClone(key);
}

const EXAMPLE = 'Write it like this: { type: "integer", default: 10, description: "…" }.';

function wrong({ plugin, key }: KeyPlace, what: string, remedy: string) {
  return settingsKeyInvalid(plugin, key, what, remedy);
}

function checkType(place: KeyPlace, type: unknown, types: readonly string[]): string {
  if (typeof type === "string" && types.includes(type)) return type;
  const near = typeof type === "string" && nearest(type, types);
  const remedy = `${near ? `Write ${near}. ` : ""}The types are ${types.join(", ")}.`;
  throw wrong(place, `its type is ${said(type)}`, remedy);
}

function checkKeywords(place: KeyPlace, value: Given, known: readonly string[]): void {
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const near = nearest(unknown, known);
  const meant = near ? `Write ${near}, or remove it. ` : "Remove it. ";
  const remedy = `${meant}The type ${String(value.type)} takes ${known.join(", ")}.`;
  throw wrong(
    place,
    `it has ${said(unknown)}, which the type ${String(value.type)} does not take`,
    remedy,
  );
}

function checkRules(place: KeyPlace, value: Given, rules: Readonly<Record<string, Rule>>): void {
  for (const [name, rule] of Object.entries(rules)) {
    const why = value[name] === undefined ? undefined : rule(value[name], value);
    if (why !== undefined)
      throw wrong(place, `${name} is ${why}`, `Correct ${name}, or remove it.`);
  }
}

/** On one line, since it is shown in lists. */
function checkDescription(place: KeyPlace, description: unknown): string {
  const remedy = "Say in a sentence what the setting is for: it is all that an admin reads of it.";
  if (typeof description !== "string" || description.trim() === "")
    throw wrong(
      place,
      `its description is ${description === "" ? "empty" : said(description)}`,
      remedy,
    );
  const text = description.trim().replaceAll(/\s+/g, " ");
  if (/\p{Cc}/u.test(text)) throw wrong(place, "its description holds control characters", remedy);
  if (text.length > LONGEST_TEXT)
    throw wrong(
      place,
      `its description has ${text.length} characters`,
      `${LONGEST_TEXT} are allowed.`,
    );
  return text;
}

function checkInside({ plugin, key }: KeyPlace, name: string, value: unknown): SimpleType {
  const place = { plugin, key: `${key}.${name}` };
  if (!isMap(value))
    throw wrong({ plugin, key }, `${name} is ${said(value)}`, `Write ${name}: { type: "string" }.`);
  const type = checkType(place, value.type, Object.keys(SIMPLE));
  const rules = SIMPLE[type] ?? {};
  checkKeywords(place, value, ["type", ...Object.keys(rules)]);
  checkRules(place, value, rules);
  return structuredClone(value) as unknown as SimpleType;
}

/** `default` and `examples` must be values that an admin could write. */
function checkValues(place: KeyPlace, key: SettingKey): void {
  const { examples } = key;
  if (examples !== undefined && !(Array.isArray(examples) && examples.length <= LONGEST_LIST))
    throw wrong(place, `examples is ${said(examples)}`, "Write a list of values.");
  checkValue(place, key, "default", key.default);
  for (const example of examples ?? []) checkValue(place, key, "an example", example);
}

function checkValue(place: KeyPlace, key: SettingKey, what: string, value: unknown): void {
  if (value === undefined) return;
  const fitted = fit(key, value);
  // A number in the place of text is taken from an admin, who cannot know better.
  if ("value" in fitted && isDeepStrictEqual(fitted.value, value)) return;
  const inner = "wrong" in fitted && fitted.at.length > 0;
  const found = inner ? `holds ${said(fitted.wrong)}` : `is ${said(value)}`;
  const remedy = `Correct ${what}, or remove it.`;
  throw wrong(place, `${what} ${found}, but must be ${expectation(key)}`, remedy);
}
