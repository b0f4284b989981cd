/** What each edit does to the configuration as data. Semantics as in the original's `tljh-config`. */

import { itemMissing, keyMissing, notAList } from "../errors/config.ts";
import { dotted } from "./problem.ts";

export type Tree = Record<string, unknown>;
export type Path = readonly string[];

function isMap(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Own properties only: a key may be called `constructor` or `__proto__`. */
function get(tree: unknown, path: Path): unknown {
  let here = tree;
  for (const name of path) {
    if (!isMap(here) || !Object.hasOwn(here, name)) return undefined;
    here = here[name];
  }
  return here;
}

function put(map: Tree, name: string, value: unknown): void {
  Object.defineProperty(map, name, { value, writable: true, enumerable: true, configurable: true });
}

/** A copy with the value at the path; what stands in the way becomes a map. */
export function set(tree: Tree, path: Path, value: unknown): Tree {
  const copy = structuredClone(tree);
  let map = copy;
  for (const name of path.slice(0, -1)) {
    if (!isMap(get(map, [name]))) put(map, name, {});
    map = get(map, [name]) as Tree;
  }
  put(map, path.at(-1) ?? "", value);
  return copy;
}

/** A copy without the key, and without the maps above it that are empty then. */
export function unset(tree: Tree, path: Path): Tree {
  const copy = structuredClone(tree);
  const maps: unknown[] = path.map((_, depth) => get(copy, path.slice(0, depth)));
  const last = maps.at(-1);
  if (!isMap(last) || !Object.hasOwn(last, path.at(-1) ?? "")) throw keyMissing(dotted(path));
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const map = maps[depth] as Tree;
    delete map[path[depth] ?? ""];
    if (Object.keys(map).length > 0) break;
  }
  return copy;
}

/**
 * A copy with the item at the end of the list, which is made when it is not there. A number, truth value
 * or map in its place is replaced; text is not, since it is most likely meant to be in the list.
 */
export function addItem(tree: Tree, path: Path, item: unknown): Tree {
  const old = get(tree, path);
  if (typeof old === "string") throw notAList(dotted(path));
  return set(tree, path, [...(Array.isArray(old) ? structuredClone(old) : []), item]);
}

/** A copy without the item at an index. */
export function removeItemAt(tree: Tree, path: Path, index: number): Tree {
  const list = listAt(tree, path);
  return set(tree, path, structuredClone(list.filter((_, at) => at !== index)));
}

/** Where the item stands in the list. Throws the errors of a list or item that is not there. */
export function indexOfItem(
  tree: Tree,
  path: Path,
  matches: (item: unknown) => boolean,
  said: string,
): number {
  const index = listAt(tree, path).findIndex(matches);
  if (index < 0) throw itemMissing(dotted(path), said);
  return index;
}

function listAt(tree: Tree, path: Path): readonly unknown[] {
  if (path.slice(0, -1).some((_, depth) => !isMap(get(tree, path.slice(0, depth + 1)))))
    throw keyMissing(dotted(path));
  const list = get(tree, path);
  if (!Array.isArray(list)) throw notAList(dotted(path));
  return list;
}
