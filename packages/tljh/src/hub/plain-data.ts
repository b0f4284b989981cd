import { type Setting, valueNotData } from "../errors/hub.ts";

/** What is done where a value cannot be copied, and where it becomes large. */
export interface CopyRules {
  /** The error for something that is no plain data; `path` is empty for the value itself. */
  readonly refuse: (path: string, what: string) => Error;
  /** Told of each value, and of how many characters it has; may throw. */
  readonly count?: (characters: number) => void;
}

/**
 * A copy of a value that JSON can carry: text, finite and whole numbers, truth values, null, lists, and objects
 * without a class. Undefined entries of objects are left out.
 */
export function copyData(value: unknown, rules: CopyRules): unknown {
  return copy(value, { rules, path: "", above: [] });
}

/** As `copyData`, of a value that a plugin sets. Throws `HUB_VALUE_NOT_DATA`. */
export function plainData(value: unknown, setting: Setting): unknown {
  return copyData(value, { refuse: (path, what) => valueNotData(setting, path, what) });
}

/** Stands for a trait that nobody has set; only JupyterHub knows what it is. */
export class Unset {}

interface Place {
  readonly rules: CopyRules;
  readonly path: string;
  readonly above: readonly object[];
}

const DEEPEST = 200;

function copy(value: unknown, place: Place): unknown {
  const { path, rules } = place;
  rules.count?.(typeof value === "string" ? value.length : 0);
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint" || (typeof value === "number" && Number.isFinite(value)))
    return value;
  if (typeof value !== "object") throw rules.refuse(path, described(value));
  if (place.above.includes(value)) throw rules.refuse(path, "itself");
  if (place.above.length === DEEPEST) throw rules.refuse("", "more than 200 levels");
  const above = [...place.above, value];
  if (Array.isArray(value))
    return Array.from(value, (item, index) =>
      copy(item, { rules, above, path: `${path}[${index}]` }),
    );
  if (!isPlain(value)) throw rules.refuse(path, described(value));
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]) => {
      rules.count?.(key.length);
      const inside = path === "" ? key : `${path}.${key}`;
      return [key, copy(inner, { rules, above, path: inside })] as const;
    });
  return Object.fromEntries(entries);
}

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
