import { holdsText } from "./lookup.ts";

/**
 * A value as typed on a command line: `true` and `false` in any case, digits, `1.25`, `none` in any case
 * as null, and text. Where the schema holds text, digits and truth values stay text.
 */
export function parseValue(text: string, path: readonly PropertyKey[] = []): unknown {
  const asText = path.length > 0 && holdsText(path);
  if (/^none$/i.test(text)) return asText && typeof path.at(-1) === "number" ? text : null;
  if (asText) return text;
  if (/^[0-9]+$/.test(text)) return wholeNumber(text);
  if (/^[0-9]+\.[0-9]*$/.test(text) && Number.isFinite(Number(text))) return Number(text);
  if (/^true$/i.test(text)) return true;
  if (/^false$/i.test(text)) return false;
  return text;
}

function wholeNumber(digits: string): number | bigint {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}
