/**
 * Edits of config.yaml as functions from text to text. Only what an edit is about changes: comments, layout,
 * quotes and line ends of everything else stay byte for byte. The result is read back and compared with what
 * the edit means as data, so that no way of writing YAML can make it go wrong unseen.
 */

import { isDeepStrictEqual } from "node:util";
import { editImpossible, keyPathInvalid } from "../errors/config.ts";
import { type ConfigDocument, parseConfigDocument, plainNumber } from "./document.ts";
import { addItemSplices, removeItemSplices, setSplices, unsetSplices } from "./edit-splices.ts";
import { dotted } from "./problem.ts";
import { applySplices, type Splice, Unsplicable } from "./splice.ts";
import * as tree from "./tree.ts";

export type { Path } from "./tree.ts";

/** `limits.memory` as `["limits", "memory"]`. */
export function parsePath(path: string): tree.Path {
  const names = path.split(".");
  if (names.some((name) => name.trim() === "")) throw keyPathInvalid(path);
  return names;
}

/** Sets a key, and makes the maps above it; what is in its way is replaced. */
export function setKey(text: string, path: tree.Path, value: unknown): string {
  return edit(text, path, (before, document) => ({
    expected: tree.set(before, path, value),
    splices: () => setSplices(document, path, value),
  }));
}

/** Removes a key, and the maps above it that became empty. Throws `CONFIG_KEY_MISSING`. */
export function unsetKey(text: string, path: tree.Path): string {
  return edit(text, path, (before, document) => ({
    expected: tree.unset(before, path),
    splices: () => unsetSplices(document, path),
  }));
}

/** Puts an item at the end of a list, which is made when it is not there. */
export function addItem(text: string, path: tree.Path, item: unknown): string {
  return edit(text, path, (before, document) => ({
    expected: tree.addItem(before, path, item),
    splices: () => addItemSplices(document, path, item),
  }));
}

/**
 * Removes the first such item of a list. `listed` is the list's data as the schema reads it, if it differs
 * from plain YAML (`007` as text). Throws `CONFIG_KEY_MISSING`, `CONFIG_NOT_A_LIST`, `CONFIG_ITEM_MISSING`.
 */
export function removeItem(
  text: string,
  path: tree.Path,
  item: unknown,
  listed?: (document: ConfigDocument) => tree.Tree,
): string {
  return edit(text, path, (before, document) => {
    const same = (other: unknown) => isDeepStrictEqual(plainNumber(other), item);
    const index = tree.indexOfItem(listed?.(document) ?? before, path, same, said(item));
    return {
      expected: tree.removeItemAt(before, path, index),
      splices: () => removeItemSplices(document, path, index),
    };
  });
}

interface Edit {
  /** The configuration after the edit. */
  readonly expected: tree.Tree;
  splices(): readonly Splice[];
}

function edit(
  text: string,
  path: tree.Path,
  plan: (before: tree.Tree, document: ConfigDocument) => Edit,
): string {
  const document = parseConfigDocument(text);
  const before = dataOf(document);
  const { expected, splices } = plan(before, document);
  if (isDeepStrictEqual(before, expected)) return text;
  const after = trySplices(text, splices);
  if (after === undefined || !means(after, expected)) throw editImpossible(dotted(path));
  return after;
}

function trySplices(text: string, splices: () => readonly Splice[]): string | undefined {
  try {
    return applySplices(text, splices());
  } catch (error) {
    if (error instanceof Unsplicable) return undefined;
    throw error;
  }
}

/** Aliases share one object with their anchor, so an edit through one is an edit of the other. */
const dataOf = (document: ConfigDocument) => (document.yaml.toJS() ?? {}) as tree.Tree;

function means(text: string, expected: tree.Tree): boolean {
  try {
    const data = dataOf(parseConfigDocument(text));
    return isDeepStrictEqual(comparable(data), comparable(expected));
  } catch {
    return false;
  }
}

/** Whole numbers as bigint, -0 as 0, and objects without prototypes to stumble over. */
function comparable(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  return new Map(Object.entries(value).map(([name, inner]) => [name, comparable(inner)]));
}

const said = (item: unknown) =>
  typeof item === "bigint" ? String(item) : (JSON.stringify(item) ?? "null");
