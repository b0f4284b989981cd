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
  return copy(value, { rules, key: null, above: null });
}

/** As `copyData`, of a value that a plugin sets. Throws `HUB_VALUE_NOT_DATA`. */
export function plainData(value: unknown, setting: Setting): unknown {
  return copyData(value, { refuse: (path, what) => valueNotData(setting, path, what) });
}

/** Stands for a trait that nobody has set; only JupyterHub knows what it is. */
export class Unset {}

/** Where a value stands: under which name, or at which place, of what. */
interface Place {
  readonly rules: CopyRules;
  readonly key: string | number | null;
  readonly above: Holder | null;
}

/** A list or an object that is being copied. */
interface Holder extends Place {
  readonly value: object;
  readonly depth: number;
}

const DEEPEST = 200;

/** Of a name that would have another meaning if it were assigned. */
const OWN = { configurable: true, enumerable: true, writable: true };

function copy(value: unknown, place: Place): unknown {
  const { rules } = place;
  rules.count?.(typeof value === "string" ? value.length : 0);
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint" || (typeof value === "number" && Number.isFinite(value)))
    return value;
  if (typeof value !== "object") throw rules.refuse(pathOf(place), described(value));
  const holder = hold(value, place);
  if (Array.isArray(value))
    return Array.from(value, (item, key) => copy(item, { rules, key, above: holder }));
  if (!isPlain(value)) throw rules.refuse(pathOf(place), described(value));
  return copyEntries(value, holder);
}

/** Throws for what holds itself, and for what is too deep. */
function hold(value: object, place: Place): Holder {
  for (let one = place.above; one; one = one.above)
    if (one.value === value) throw place.rules.refuse(pathOf(place), "itself");
  const depth = (place.above?.depth ?? 0) + 1;
  if (depth > DEEPEST) throw place.rules.refuse("", "more than 200 levels");
  return { ...place, value, depth };
}

function copyEntries(value: object, above: Holder): object {
  const { rules } = above;
  const copied: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const inner = (value as Readonly<Record<string, unknown>>)[key];
    if (inner === undefined) continue;
    rules.count?.(key.length);
    const item = copy(inner, { rules, key, above });
    if (key === "__proto__") Object.defineProperty(copied, key, { ...OWN, value: item });
    else copied[key] = item;
  }
  return copied;
}

/** Put together only for what is refused. */
function pathOf({ key, above }: Place): string {
  if (key === null || above === null) return "";
  const path = pathOf(above);
  if (typeof key === "number") return `${path}[${key}]`;
  return path === "" ? key : `${path}.${key}`;
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
