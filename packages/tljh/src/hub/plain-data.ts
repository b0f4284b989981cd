import { type Setting, valueNotData } from "../errors/hub.ts";

/**
 * A copy of a value that JSON can carry: text, finite numbers, truth values, null, lists, and objects
 * without a class. Undefined entries of objects are left out. Throws `HUB_VALUE_NOT_DATA`.
 */
export function plainData(value: unknown, setting: Setting): unknown {
  return copy(value, { setting, path: "", above: [] });
}

/** Stands for a trait that nobody has set; only JupyterHub knows what it is. */
export class Unset {}

interface Place {
  readonly setting: Setting;
  readonly path: string;
  readonly above: readonly object[];
}

function copy(value: unknown, place: Place): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint" || (typeof value === "number" && Number.isFinite(value)))
    return value;
  if (typeof value !== "object") throw refused(value, place);
  if (place.above.includes(value)) throw valueNotData(place.setting, place.path, "itself");
  const above = [...place.above, value];
  if (Array.isArray(value))
    return Array.from(value, (item, index) =>
      copy(item, { ...place, above, path: `${place.path}[${index}]` }),
    );
  if (!isPlain(value)) throw refused(value, place);
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]) => {
      const path = place.path === "" ? key : `${place.path}.${key}`;
      return [key, copy(inner, { ...place, above, path })] as const;
    });
  return Object.fromEntries(entries);
}

const refused = (value: unknown, { setting, path }: Place) =>
  valueNotData(setting, path, described(value));

function described(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "function")
    return /^class\b/.test(Function.prototype.toString.call(value)) ? "a class" : "a function";
  if (typeof value !== "object" || value === null) return typeof value;
  if (value instanceof Unset) return "a setting that nobody has set";
  return `an instance of ${value.constructor?.name || "a class"}`;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
