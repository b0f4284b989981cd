import {
  type Revision,
  readHistory,
  readPrefixRecords,
  requestedSpecs,
  specName,
} from "@tljh/conda";
import type { EnvironmentSpecs } from "./package-specs.ts";

/** How `conda-meta/history` names what we did. */
export const historyCommand = "tljh apply";

/** The names that somebody else than we asked for in an environment, and did not take back. */
export function askedByHand(history: readonly Revision[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { command, updateSpecs, removeSpecs } of history) {
    for (const spec of removeSpecs) names.delete(specName(spec));
    if (!command?.startsWith("tljh ")) for (const spec of updateSpecs) names.add(specName(spec));
  }
  return names;
}

/**
 * Of the names that plugins asked for once, those that are asked for no longer: by no plugin, by no
 * admin, and not as a part of the product.
 */
export function releasedNames(
  prefix: string,
  asked: { readonly once: Iterable<string>; readonly now: Iterable<string> },
  own: EnvironmentSpecs,
): readonly string[] {
  const history = readHistory(prefix);
  const installed = new Set(readPrefixRecords(prefix).map((record) => record.name));
  const requested = requestedSpecs(history, installed);
  const standing = new Set([...asked.now, ...own.required, ...own.optional].map(specName));
  const byHand = askedByHand(history);
  const names = new Set([...asked.once].map(specName));
  return [...names].filter(
    (name) => requested.has(name) && !standing.has(name) && !byHand.has(name),
  );
}
