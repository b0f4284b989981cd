import { callMethod, type Method, methodsOf } from "./known.ts";

export interface LiveHooks {
  /** Records a Python method's call, and carries it out. */
  call(method: Method, args: readonly unknown[]): void;
  /** Records that the value has been changed in some other way. */
  changed(): void;
}

type Container = Record<PropertyKey, unknown>;

/**
 * A list or dict that reads as itself and has Python's methods too; every change of it, or of what is in
 * it, is told.
 */
export function liveValue(value: object, hooks: LiveHooks): object {
  return new Proxy(value as Container, {
    get: (target, name) =>
      pythonMethod(target, name, hooks) ?? inner(Reflect.get(target, name), hooks),
    set: (target, name, given) => {
      if (!Array.isArray(target) && typeof name === "string")
        hooks.call("update", [{ [name]: given }]);
      else if (Reflect.set(target, name, given)) hooks.changed();
      return true;
    },
    deleteProperty: (target, name) => {
      if (Reflect.deleteProperty(target, name)) hooks.changed();
      return true;
    },
  });
}

function pythonMethod(target: Container, name: string | symbol, hooks: LiveHooks) {
  if (Object.hasOwn(target, name)) return undefined;
  if (name === "push" && Array.isArray(target))
    return (...items: unknown[]) => {
      for (const item of items) hooks.call("append", [item]);
      return target.length;
    };
  const method = methodsOf(target).find((one) => one === name);
  return method && ((...args: unknown[]) => hooks.call(method, args));
}

/** A part of a value: JupyterHub is handed the whole anew when the part changes. */
function inner(value: unknown, { changed }: LiveHooks): unknown {
  if (typeof value !== "object" || value === null) return value;
  const call = (method: Method, args: readonly unknown[]) => {
    callMethod(value, method, args);
    changed();
  };
  return liveValue(value, { call, changed });
}

/** A Python set: a `Set` whose changes are told, with Python's methods. */
export class LiveSet extends Set<unknown> {
  readonly #call: LiveHooks["call"];

  constructor(values: Iterable<unknown>, call: LiveHooks["call"]) {
    super();
    for (const value of values) super.add(value);
    this.#call = call;
  }

  override add(value: unknown): this {
    super.add(value);
    this.#call("add", [value]);
    return this;
  }

  override delete(value: unknown): boolean {
    this.#call("discard", [value]);
    return super.delete(value);
  }

  discard(value: unknown): void {
    this.delete(value);
  }

  update(values: Iterable<unknown>): void {
    const items = [...values];
    for (const item of items) super.add(item);
    this.#call("update", [items]);
  }

  override clear(): void {
    for (const value of [...this]) this.delete(value);
  }
}
