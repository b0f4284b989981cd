import { specName } from "../prefix/history.ts";
import type { PackageRecord } from "../types.ts";

/**
 * Dependencies before what depends on them; among equals by name, so that the same set always
 * gives the same order. Circles are cut where they are met; Python's own wish for pip is ignored,
 * as conda ignores it, because pip cannot be linked before Python.
 */
export function inDependencyOrder<R extends PackageRecord>(records: readonly R[]): R[] {
  const byName = new Map(records.map((record) => [record.name, record]));
  const ordered = new Set<R>();
  const entered = new Set<R>();
  const visit = (record: R): void => {
    if (entered.has(record)) return;
    entered.add(record);
    for (const name of dependencyNames(record)) {
      const dependency = byName.get(name);
      if (dependency) visit(dependency);
    }
    ordered.add(record);
  };
  for (const name of [...byName.keys()].sort()) {
    const record = byName.get(name);
    if (record) visit(record);
  }
  return [...ordered];
}

function dependencyNames(record: PackageRecord): string[] {
  const names = record.depends.map(specName).sort();
  return record.name === "python" ? names.filter((name) => name !== "pip") : names;
}

/** The names of a package and of all below it, of those that are in `records`. */
export function dependencyClosure(records: readonly PackageRecord[], name: string): Set<string> {
  const byName = new Map(records.map((record) => [record.name, record]));
  const closure = new Set<string>();
  const visit = (next: string): void => {
    const record = byName.get(next);
    if (record === undefined || closure.has(next)) return;
    closure.add(next);
    for (const dependency of dependencyNames(record)) visit(dependency);
  };
  visit(name);
  return closure;
}
