import type { Assignment } from "./assignments.ts";

/** Methods of Python's lists, dicts and sets, and of traitlets' lazy values, that an assignment may call. */
export type Method = "append" | "extend" | "insert" | "prepend" | "update" | "add" | "discard";

/** The methods of a trait that nobody has assigned: those of traitlets' lazy value. */
export const lazyMethods: readonly Method[] = [
  "append",
  "extend",
  "insert",
  "prepend",
  "update",
  "add",
];

/** The methods that Python's value of this kind has. */
export function methodsOf(value: object): readonly Method[] {
  if (Array.isArray(value)) return ["append", "extend", "insert"];
  return value instanceof Set ? ["add", "discard", "update"] : ["update"];
}

/** Does to a value what the method does to Python's; one that it does not have is Python's to refuse. */
export function callMethod(value: object, method: string, args: readonly unknown[]): void {
  const [first, second] = args;
  if (Array.isArray(value)) {
    if (method === "append") value.push(first);
    if (method === "extend") value.push(...(first as unknown[]));
    if (method === "insert") value.splice(first as number, 0, second);
  } else if (value instanceof Set) {
    if (method === "add") value.add(first);
    if (method === "discard") value.delete(first);
    if (method === "update") for (const item of first as unknown[]) value.add(item);
  } else if (method === "update") {
    Object.assign(value, first);
  }
}

/** What assignments come to, as far as it can be known without JupyterHub: `<class>` → `<trait>` → value. */
export class KnownConfig {
  readonly #classes = new Map<string, Map<string, unknown>>();

  constructor(assignments: readonly Assignment[] = []) {
    for (const assignment of assignments) this.apply(assignment);
  }

  has(className: string, trait: string): boolean {
    return this.#classes.get(className)?.has(trait) ?? false;
  }

  /** The value itself, not a copy; a `Set` for a Python set. */
  get(className: string, trait: string): unknown {
    return this.#classes.get(className)?.get(trait);
  }

  traits(className: string): string[] {
    return [...(this.#classes.get(className)?.keys() ?? [])];
  }

  classes(): string[] {
    return [...this.#classes.keys()];
  }

  /** A method call changes the value that is there, so that those who hold it see the change. */
  apply(assignment: Assignment): void {
    const { class: className, trait, method, kind } = assignment;
    if (method !== undefined) {
      const value = this.get(className, trait);
      if (typeof value !== "object" || value === null) return;
      callMethod(value, method, structuredClone(assignment.arguments ?? []) as unknown[]);
      return;
    }
    const value = structuredClone(assignment.value);
    const traits = this.#classes.get(className) ?? new Map<string, unknown>();
    this.#classes.set(className, traits);
    traits.set(trait, kind === "set" ? new Set(value as unknown[]) : value);
  }
}
