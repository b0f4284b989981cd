import { isDeepStrictEqual } from "node:util";
import * as tree from "../../config/tree.ts";

/**
 * One key that a plugin has set or removed. Absent `value`: it was removed; absent `before`: it was
 * not there. Maps are entered, so that an admin may change the keys beside it; lists are one value.
 */
export interface ConfigWrite {
  readonly path: tree.Path;
  readonly value?: unknown;
  readonly before?: unknown;
}

/** What turns one configuration into another, key by key. */
export function configWrites(
  before: unknown,
  after: unknown,
  path: tree.Path = [],
): readonly ConfigWrite[] {
  if (isDeepStrictEqual(before, after)) return [];
  const from = asMap(before);
  const to = asMap(after);
  const names = new Set([...Object.keys(from ?? {}), ...Object.keys(to ?? {})]);
  // An empty map is a value of its own.
  if (from === null || to === null || names.size === 0)
    return [{ path, ...present("before", before), ...present("value", after) }];
  return [...names].flatMap((name) =>
    configWrites(own(from, name), own(to, name), [...path, name]),
  );
}

/** The configuration with the keys as the plugin has left them. */
export function replay(config: tree.Tree, writes: readonly ConfigWrite[]): tree.Tree {
  return writes.reduce((so, { path, value }) => put(so, path, value), config);
}

/**
 * The configuration as it was before the writes, the last of which comes last. A key that holds something
 * else by now has been changed by the admin since, and stays; its writes are not among the `undone`.
 */
export function undo(
  config: tree.Tree,
  writes: readonly ConfigWrite[],
): { readonly config: tree.Tree; readonly undone: ReadonlySet<ConfigWrite> } {
  const undone = new Set<ConfigWrite>();
  let so = config;
  for (const write of writes.toReversed()) {
    if (!isDeepStrictEqual(valueAt(so, write.path), write.value)) continue;
    if (!isReachable(so, write.path)) continue;
    so = put(so, write.path, write.before);
    undone.add(write);
  }
  return { config: so, undone };
}

/** What stands at a path; undefined where nothing does. */
export function valueAt(config: unknown, path: tree.Path): unknown {
  return path.reduce((here, name) => own(asMap(here), name), config);
}

function put(config: tree.Tree, path: tree.Path, value: unknown): tree.Tree {
  if (value !== undefined) return tree.set(config, path, structuredClone(value));
  return valueAt(config, path) === undefined ? config : tree.unset(config, path);
}

/** Whether nothing but maps, or nothing at all, is above a path. */
function isReachable(config: unknown, path: tree.Path): boolean {
  return path.every((_, depth) => {
    const above = valueAt(config, path.slice(0, depth));
    return above === undefined || asMap(above) !== null;
  });
}

/** Absent counts as an empty map, so that new maps are entered too. */
function asMap(value: unknown): tree.Tree | null {
  if (value === undefined) return {};
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  return isMap ? (value as tree.Tree) : null;
}

/** Own properties only: a key may be called `constructor`. */
function own(map: tree.Tree | null, name: string): unknown {
  return map !== null && Object.hasOwn(map, name) ? map[name] : undefined;
}

function present(name: "before" | "value", value: unknown): object {
  return value === undefined ? {} : { [name]: value };
}
