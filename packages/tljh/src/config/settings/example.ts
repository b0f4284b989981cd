import type { SettingKey, SimpleType } from "./declaration.ts";

/** A value as one types it after `tljh-config set` or `add-item`: of a list or map, one item. */
export function exampleOf(key: SettingKey): string {
  if (key.secret) return "VALUE";
  const given = key.examples?.[0] ?? key.default;
  const one = typeof given === "object" ? Object.values(given)[0] : given;
  return word(one === undefined || one === "" ? typical(simpleOf(key)) : one);
}

function simpleOf(key: SettingKey): SimpleType {
  if (key.type === "array") return key.items;
  return key.type === "object" ? key.additionalProperties : key;
}

function typical(type: SimpleType): unknown {
  if (type.type === "boolean") return true;
  if (type.enum) return type.enum[0];
  if (type.type === "string") return "VALUE";
  return type.minimum ?? type.maximum ?? 1;
}

/** As the shell takes it for one word, and `tljh-config` for no option. */
function word(value: unknown): string {
  const text = String(value);
  if (/^-./.test(text) && typeof value === "string")
    return `-- ${word(` ${text}`).replace("' ", "'")}`;
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
