import { read } from "./discover.ts";

/** Names made up for objects that have none, so that each keeps its own. */
const madeUp = new WeakMap<object, string>();
let count = 0;

/** The name of a class, or of an object with a `name`; for others one that is the same each time. */
export function canonicalName(plugin: object): string {
  if (!isObject(plugin)) return String(plugin);
  const name = read(plugin, "name");
  if (typeof name === "string" && name !== "") return name;
  const present = madeUp.get(plugin);
  if (present !== undefined) return present;
  count += 1;
  const made = `plugin-${count}`;
  madeUp.set(plugin, made);
  return made;
}

export function isObject(plugin: unknown): plugin is object {
  return (typeof plugin === "object" && plugin !== null) || typeof plugin === "function";
}
