import type { Assignment } from "./assignments.ts";
import type { ConfigTree } from "./config-tree.ts";
import { KnownConfig } from "./known.ts";

/** A tree as the assignments that lead to it. */
export function treeAssignments(tree: ConfigTree): Assignment[] {
  return Object.entries(tree).flatMap(([className, traits]) =>
    Object.entries(traits).map(([trait, value]) => ({
      class: className,
      trait,
      plugin: null,
      value,
    })),
  );
}

/**
 * What assignments come to. A method of a trait that nobody has set works on an empty list or map here:
 * what the trait's default is, only JupyterHub knows. Python's sets are lists.
 */
export function configTree(assignments: readonly Assignment[]): ConfigTree {
  const known = new KnownConfig();
  for (const assignment of assignments) {
    const { class: className, trait, method } = assignment;
    const isUnset = method !== undefined && !known.has(className, trait);
    if (isUnset) known.apply(emptyFor(assignment));
    if (method === "prepend") known.apply(prepended(assignment, known.get(className, trait)));
    else known.apply(assignment);
  }
  const traits = (className: string) =>
    known.traits(className).map((trait) => [trait, listed(known.get(className, trait))]);
  return Object.fromEntries(
    known.classes().map((className) => [className, Object.fromEntries(traits(className))]),
  );
}

/** What the method is one of: lists have no `add`, and a map's `update` is given a map. */
function emptyFor({ class: className, trait, plugin, method, arguments: args }: Assignment) {
  const empty = { class: className, trait, plugin };
  const isUpdate = method === "update";
  if (isUpdate && !Array.isArray(args?.[0])) return { ...empty, value: {} };
  return { ...empty, value: [], ...(isUpdate || method === "add" ? { kind: "set" as const } : {}) };
}

/** Lists themselves have no `prepend`; traitlets' lazy value puts the items in front. */
function prepended(assignment: Assignment, before: unknown): Assignment {
  const { class: className, trait, plugin } = assignment;
  const [items] = assignment.arguments ?? [];
  const value = [...(items as readonly unknown[]), ...(Array.isArray(before) ? before : [])];
  return { class: className, trait, plugin, value };
}

const listed = (value: unknown) => (value instanceof Set ? [...value] : value);
