import type { DebianPackage, PackageIndex } from "./packages.ts";
import type { Relation } from "./relations.ts";
import { satisfies } from "./version.ts";

export interface Resolution {
  /** Chosen packages, sorted by name. */
  readonly packages: readonly DebianPackage[];
  /** For each chosen package the relations that were met, with the package that meets each. */
  readonly edges: ReadonlyMap<string, readonly Edge[]>;
}

export interface Edge {
  readonly relation: Relation;
  readonly target: DebianPackage;
}

export interface ResolveRequest {
  readonly index: PackageIndex;
  readonly roots: readonly string[];
  /** Packages that are never taken; whatever only they could satisfy is dropped. */
  readonly cut: (name: string) => boolean;
}

function providersOf(index: PackageIndex): Map<string, DebianPackage[]> {
  const providers = new Map<string, DebianPackage[]>();
  for (const candidate of index.values()) {
    for (const { name } of candidate.provides) {
      const list = providers.get(name);
      if (list) list.push(candidate);
      else providers.set(name, [candidate]);
    }
  }
  return providers;
}

/** Whether a package meets a relation by its own name or by one that it provides. */
function meets(candidate: DebianPackage, relation: Relation): boolean {
  const holds = (version: string | undefined) =>
    relation.operator === undefined ||
    relation.version === undefined ||
    (version !== undefined && satisfies(version, relation.operator, relation.version));
  if (candidate.name === relation.name) return holds(candidate.version);
  return candidate.provides.some((one) => one.name === relation.name && holds(one.version));
}

/**
 * Everything that the roots need. An item that a chosen package meets asks for nothing more;
 * otherwise its first alternative that exists and is not cut is taken.
 */
export function resolve({ index, roots, cut }: ResolveRequest): Resolution {
  const providers = providersOf(index);
  const chosen = new Map<string, DebianPackage>();
  const candidates = ({ name }: Relation) => {
    const own = index.get(name);
    return [...(own ? [own] : []), ...(providers.get(name) ?? [])];
  };
  const find = (item: readonly Relation[], usable: (one: DebianPackage) => boolean) => {
    for (const relation of item) {
      const target = candidates(relation).find((one) => usable(one) && meets(one, relation));
      if (target) return { relation, target };
    }
    return undefined;
  };
  const pick = (item: readonly Relation[]) =>
    find(item, (one) => chosen.has(one.name)) ?? find(item, (one) => !cut(one.name));

  const queue = roots.map((name) => {
    const found = index.get(name);
    if (!found) throw new Error(`the archive has no package "${name}"`);
    return found;
  });
  for (const root of queue) chosen.set(root.name, root);
  for (let next = queue.shift(); next; next = queue.shift()) {
    for (const item of next.depends) {
      const target = pick(item)?.target;
      if (!target || chosen.has(target.name)) continue;
      chosen.set(target.name, target);
      queue.push(target);
    }
  }
  const packages = [...chosen.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const edges = new Map(
    packages.map((one) => [
      one.name,
      one.depends.map((item) => find(item, (each) => chosen.has(each.name))).filter((e) => !!e),
    ]),
  );
  return { packages, edges };
}
