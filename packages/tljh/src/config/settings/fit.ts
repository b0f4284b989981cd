import type { SettingKey, SimpleType } from "./declaration.ts";
import { expectation } from "./expects.ts";
import { matches } from "./pattern.ts";

/** A value as it is handed to hooks, or the place in it that does not fit and what must stand there. */
export type Fit =
  | { readonly value: unknown }
  | { readonly at: readonly string[]; readonly wrong: unknown; readonly expects: string };

/** Whether a value is as its key asks. Of a list or map, the first part that is not is told. */
export function fit(key: SettingKey, value: unknown): Fit {
  if (key.type === "array") {
    if (!Array.isArray(value)) return misfit(key, value);
    const items = value.map((item, index) => [String(index), item] as const);
    return fitAll(items, key.items, (fitted) => fitted.map(([, item]) => item));
  }
  if (key.type === "object") {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return misfit(key, value);
    return fitAll(Object.entries(value), key.additionalProperties, Object.fromEntries);
  }
  return fitSimple(key, value);
}

const misfit = (key: SettingKey | SimpleType, wrong: unknown): Fit => ({
  at: [],
  wrong,
  expects: expectation(key),
});

type Part = readonly [name: string, value: unknown];

function fitAll(
  parts: readonly Part[],
  type: SimpleType,
  assemble: (fitted: readonly Part[]) => unknown,
): Fit {
  const fitted: Part[] = [];
  for (const [name, value] of parts) {
    const one = fitSimple(type, value);
    if ("wrong" in one) return { ...one, at: [name] };
    fitted.push([name, one.value]);
  }
  return { value: assemble(fitted) };
}

function fitSimple(type: SimpleType, value: unknown): Fit {
  const plain = type.type === "string" ? asText(value) : value;
  return isFit(type, plain) ? { value: plain } : misfit(type, value);
}

/** Text may have been written as a number or a truth value. */
const asText = (value: unknown) =>
  ["number", "bigint", "boolean"].includes(typeof value) ? String(value) : value;

function isFit(type: SimpleType, value: unknown): boolean {
  if (type.type === "boolean") return typeof value === "boolean";
  if (type.enum && !type.enum.some((one) => one === value)) return false;
  if (type.type === "string") return typeof value === "string" && isFitText(type, value);
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  if (type.type === "integer" && !Number.isSafeInteger(value)) return false;
  return value >= (type.minimum ?? value) && value <= (type.maximum ?? value);
}

/** Lengths are in characters, as JSON Schema counts them: a surrogate pair is one. */
function isFitText(type: Extract<SimpleType, { type: "string" }>, value: string): boolean {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern } = type;
  const length = [...value].length;
  if (length < minLength || length > maxLength) return false;
  return pattern === undefined || matches(pattern, value) === true;
}
