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

function propertyNames(plugin: object): Set<string> {
  const names = new Set<string>();
  for (let level: object | null = plugin; level !== null && level !== Object.prototype; ) {
    for (const name of Object.getOwnPropertyNames(level)) names.add(name);
    level = Object.getPrototypeOf(level);
  }
  return names;
}

/** Modules that were bundled have accessors; one that throws holds no implementation. */
export function read(plugin: object, key: string): unknown {
  try {
    return Reflect.get(plugin, key);
  } catch {
    return undefined;
  }
}
