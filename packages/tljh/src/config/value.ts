import { holdsText } from "./lookup.ts";
import { noSections, type PluginSections, settingAt } from "./settings/sections.ts";

/**
 * A value as typed on a command line: `true` and `false` in any case, digits, `1.25`, `none` in any case
 * as null, and text. Where the schema holds text, digits and truth values stay text; where a plugin's setting is a
 * number, `-5` and `1e3` are numbers too.
 */
export function parseValue(
  text: string,
  path: readonly PropertyKey[] = [],
  sections: PluginSections = noSections,
): unknown {
  const asText = path.length > 0 && holdsText(sections)(path);
  if (/^none$/i.test(text)) return asText && typeof path.at(-1) === "number" ? text : null;
  if (asText) return text;
  if (isNumberSetting(path, sections) && NUMBER.test(text)) return Number(text);
  if (/^[0-9]+$/.test(text)) return wholeNumber(text);
  if (/^[0-9]+\.[0-9]*$/.test(text) && Number.isFinite(Number(text))) return Number(text);
  if (/^true$/i.test(text)) return true;
  if (/^false$/i.test(text)) return false;
  return text;
}

const NUMBER = /^[+-]?([0-9]{1,15}(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]{1,2})?$/i;

function isNumberSetting(path: readonly PropertyKey[], sections: PluginSections): boolean {
  const type = settingAt(path, sections)?.type;
  return type === "integer" || type === "number";
}

function wholeNumber(digits: string): number | bigint {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}
