import type { HookImplementation } from "./implementation.ts";

/** The implementations of a hook in call order: wrappers come before and around all others. */
export interface CallOrder {
  readonly wrappers: readonly HookImplementation[];
  readonly plain: readonly HookImplementation[];
}

/** Keeps the call order: last registered first, but for `tryfirst` and `trylast`. */
export class Order {
  // Backwards, as pluggy has them, so that what is added mostly goes to the end.
  private wrappers: HookImplementation[];
  private plain: HookImplementation[];

  constructor({ wrappers, plain }: CallOrder = { wrappers: [], plain: [] }) {
    this.wrappers = wrappers.toReversed();
    this.plain = plain.toReversed();
  }

  add(implementation: HookImplementation): void {
    const list = implementation.kind === "plain" ? this.plain : this.wrappers;
    const at = positionOf(implementation, list);
    if (at === list.length) list.push(implementation);
    else list.splice(at, 0, implementation);
  }

  remove(plugin: string): void {
    this.wrappers = this.wrappers.filter((one) => one.plugin !== plugin);
    this.plain = this.plain.filter((one) => one.plugin !== plugin);
  }

  inCallOrder(): CallOrder {
    return { wrappers: this.wrappers.toReversed(), plain: this.plain.toReversed() };
  }
}

function positionOf(added: HookImplementation, present: readonly HookImplementation[]): number {
  if (added.trylast) return 0;
  if (added.tryfirst) return present.length;
  return present.findLastIndex((one) => !one.tryfirst) + 1;
}
