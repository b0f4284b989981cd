import { type Revision, requestedSpecs, specName } from "../prefix/history.ts";
import type { PrefixRecord } from "../types.ts";
import { isPlainlySatisfied } from "./satisfied.ts";

/** What the environment shall hold, before a solver has seen it. */
export interface EnvironmentRequest {
  /** By package name: everything asked for, now and earlier. */
  readonly specs: ReadonlyMap<string, string>;
  /** Nobody asked for these and nothing needs them, yet they are there: an admin's own. */
  readonly orphans: readonly string[];
  /** Installed packages that must go, with what depends on them. */
  readonly removed: ReadonlySet<string>;
  /** Installed packages that nobody asks for any more, and nothing that stays needs. */
  readonly unneeded: ReadonlySet<string>;
  /** Whether what is installed already, without the unneeded, is all that is asked for. */
  readonly isMet: boolean;
}

export interface RequestInput {
  readonly installed: readonly PrefixRecord[];
  readonly history: readonly Revision[];
  readonly specs: readonly string[];
  readonly remove: readonly string[];
  readonly release?: readonly string[];
  /** Nothing counts but what is asked for now. */
  readonly prune?: boolean;
}

/** Pure: earlier requests stand, unless taken back or made anew. */
export function environmentRequest(input: RequestInput): EnvironmentRequest {
  const byName = new Map(input.installed.map((record) => [record.name, record]));
  const prune = input.prune ?? false;
  const earlier = prune
    ? new Map<string, string>()
    : requestedSpecs(input.history, new Set(byName.keys()));
  const removed = withDependents(input.installed, input.remove.map(specName));
  const orphans = findOrphans(input.installed, [...earlier.keys()]).filter(
    (name) => !prune && !removed.has(name),
  );
  const released = new Set((input.release ?? []).map(specName));
  const stands = (name: string): boolean => !removed.has(name) && !released.has(name);
  const specs = new Map([...earlier].filter(([name]) => stands(name)));
  for (const spec of input.specs) specs.set(specName(spec), spec);
  const isSpecMet = (spec: string): boolean => {
    const record = byName.get(specName(spec));
    if (record === undefined) return false;
    return earlier.get(record.name) === spec || isPlainlySatisfied(spec, record);
  };
  const isMet = !prune && removed.size === 0 && input.specs.every(isSpecMet);
  const isReleased = [...released].some((name) => earlier.has(name) && !specs.has(name));
  return {
    specs,
    orphans: orphans.filter((name) => !specs.has(name)),
    removed,
    unneeded: new Set(isReleased ? unreached(input.installed, [...specs.keys(), ...orphans]) : []),
    isMet,
  };
}

/** As `conda remove` does: what needs a removed package cannot stay either. */
function withDependents(installed: readonly PrefixRecord[], names: readonly string[]): Set<string> {
  const dependents = new Map<string, string[]>();
  for (const record of installed) {
    for (const dependency of record.depends.map(specName)) {
      dependents.set(dependency, [...(dependents.get(dependency) ?? []), record.name]);
    }
  }
  const present = new Set(installed.map((record) => record.name));
  return closure(
    names.filter((name) => present.has(name)),
    (name) => dependents.get(name) ?? [],
  );
}

/** Those that no requested package reaches; of each group, what nothing else in it needs. */
function findOrphans(installed: readonly PrefixRecord[], requested: readonly string[]): string[] {
  const left = unreached(installed, requested);
  const needs = dependenciesOf(installed);
  const neededByLeft = new Set(left.flatMap((name) => needs(name).filter((to) => to !== name)));
  return left.filter((name) => !neededByLeft.has(name));
}

/** The installed packages that none of these needs, directly or not. */
function unreached(installed: readonly PrefixRecord[], names: readonly string[]): string[] {
  const reached = closure(names, dependenciesOf(installed));
  return installed.map((record) => record.name).filter((name) => !reached.has(name));
}

function dependenciesOf(installed: readonly PrefixRecord[]): (name: string) => readonly string[] {
  const known = new Map(installed.map((record) => [record.name, record.depends.map(specName)]));
  return (name) => known.get(name) ?? [];
}

function closure(start: readonly string[], next: (name: string) => readonly string[]): Set<string> {
  const reached = new Set<string>();
  const open = [...start];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    open.push(...next(name));
  }
  return reached;
}

/** Lines of `conda-meta/pinned` about packages that are there or asked for. */
export function pinnedSpecs(text: string, names: ReadonlySet<string>): string[] {
  return text
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "" && names.has(specName(line)));
}
