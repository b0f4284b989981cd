import type { PrefixRecord, RepodataRecord } from "../types.ts";
import { inDependencyOrder } from "./order.ts";

export type Operation =
  | { readonly kind: "install"; readonly to: RepodataRecord }
  | { readonly kind: "change"; readonly from: PrefixRecord; readonly to: RepodataRecord }
  | { readonly kind: "reinstall"; readonly from: PrefixRecord; readonly to: RepodataRecord }
  | { readonly kind: "remove"; readonly from: PrefixRecord };

/** What is to be done to an environment, as data: nothing here touches a disk. */
export interface Transaction {
  /** Removals, dependents first; then the rest, dependencies first. */
  readonly operations: readonly Operation[];
  /** The spec asked for, by package name; written into the records and the history. */
  readonly requestedSpecs: ReadonlyMap<string, string>;
  /** Stays as it is. */
  readonly kept: readonly PrefixRecord[];
}

export function isEmpty(transaction: Transaction): boolean {
  return transaction.operations.length === 0;
}

/** What will be linked, dependencies first. */
export function toLink(transaction: Transaction): RepodataRecord[] {
  return transaction.operations.flatMap((operation) =>
    operation.kind === "remove" ? [] : [operation.to],
  );
}

/** What will be unlinked, dependents first. */
export function toUnlink(transaction: Transaction): PrefixRecord[] {
  const going = transaction.operations.flatMap((operation) =>
    operation.kind === "install" ? [] : [operation.from],
  );
  return inDependencyOrder(going).reverse();
}

/** The one way from what is installed to what is wanted. Pure. */
export function planTransaction(
  installed: readonly PrefixRecord[],
  wanted: readonly RepodataRecord[],
  requestedSpecs: ReadonlyMap<string, string> = new Map(),
): Transaction {
  const before = new Map(installed.map((record) => [record.name, record]));
  const wantedNames = new Set(wanted.map((record) => record.name));
  const relinkPython = pythonMoves(before.get("python"), byName(wanted, "python"));
  const operations: Operation[] = inDependencyOrder(
    installed.filter((record) => !wantedNames.has(record.name)),
  )
    .reverse()
    .map((from) => ({ kind: "remove", from }));
  const kept: PrefixRecord[] = [];
  for (const to of inDependencyOrder(wanted)) {
    const from = before.get(to.name);
    if (from === undefined) operations.push({ kind: "install", to });
    else if (!samePackage(from, to)) operations.push({ kind: "change", from, to });
    else if (relinkPython && to.noarch === "python")
      operations.push({ kind: "reinstall", from, to });
    else kept.push(from);
  }
  return { operations, requestedSpecs, kept };
}

function byName(records: readonly RepodataRecord[], name: string): RepodataRecord | undefined {
  return records.find((record) => record.name === name);
}

/** A package is told by its build and its content; which mirror it came from does not matter. */
function samePackage(a: RepodataRecord, b: RepodataRecord): boolean {
  if (a.version !== b.version || a.build !== b.build || a.subdir !== b.subdir) return false;
  if (a.sha256 !== undefined && b.sha256 !== undefined && isSameArchiveKind(a, b)) {
    return a.sha256 === b.sha256;
  }
  return a.build_number === b.build_number;
}

/** A build is often published both as `.conda` and as `.tar.bz2`, with two checksums. */
function isSameArchiveKind(a: RepodataRecord, b: RepodataRecord): boolean {
  return (a.fn ?? "").endsWith(".conda") === (b.fn ?? "").endsWith(".conda");
}

/** Files of `noarch: python` packages stand below `lib/pythonX.Y` and move with it. */
function pythonMoves(from: RepodataRecord | undefined, to: RepodataRecord | undefined): boolean {
  if (from === undefined || to === undefined) return false;
  return sitePackages(from) !== sitePackages(to);
}

/** Where site-packages is, below the prefix (CEP 17 lets the interpreter say). */
export function sitePackages(python: RepodataRecord): string {
  const stated = python.python_site_packages_path;
  return stated ?? `lib/python${python.version.split(".").slice(0, 2).join(".")}/site-packages`;
}
