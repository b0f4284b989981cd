import { createImplementation, type HookImplementation } from "./implementation.ts";
import { hookimplOptions } from "./markers.ts";
import { checkKind } from "./validation.ts";

/** Every marked function among a plugin's properties, inherited ones too. Throws for one that can be no implementation. */
export function findImplementations(
  mark: symbol,
  plugin: object,
  name: string,
): HookImplementation[] {
  const found: HookImplementation[] = [];
  for (const key of propertyNames(plugin)) {
    const value = read(plugin, key);
    const options = hookimplOptions(mark, value);
    if (options === undefined) continue;
    const place = { plugin: name, hook: options.specname ?? key };
    const implementation = value as (args: never) => unknown;
    const made = createImplementation({ place, implementation, options, owner: plugin });
    checkKind(made, options);
    found.push(made);
  }
  return found;
}

/** Each name once, those of the object itself first. */
function propertyNames(plugin: object): Iterable<string> {
  const own = Object.getOwnPropertyNames(plugin);
  const parent = parentOf(plugin);
  return parent === null ? own : new Set([...own, ...propertyNames(parent)]);
}

/** What an object inherits from; null if that is nothing but what every object has. */
function parentOf(plugin: object): object | null {
  const parent: object | null = Object.getPrototypeOf(plugin);
  return parent === Object.prototype ? null : parent;
}

/** Modules that were bundled have accessors; one that throws holds no implementation. */
export function read(plugin: object, key: string): unknown {
  try {
    return Reflect.get(plugin, key);
  } catch {
    return undefined;
  }
}
