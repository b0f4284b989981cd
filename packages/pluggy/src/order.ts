import type { HookImplementation } from "./implementation.ts";

/** The implementations of a hook in call order: wrappers come before and around all others. */
export interface Ordered {
  readonly wrappers: HookImplementation[];
  readonly plain: HookImplementation[];
}

/** Puts an implementation in its place: last registered first, but for `tryfirst` and `trylast`. */
export function insert({ wrappers, plain }: Ordered, added: HookImplementation): void {
  const list = added.kind === "plain" ? plain : wrappers;
  list.splice(positionOf(added, list), 0, added);
}

function positionOf(added: HookImplementation, present: readonly HookImplementation[]): number {
  if (added.trylast) return present.length;
  if (added.tryfirst) return 0;
  const behind = present.findIndex((one) => !one.tryfirst);
  return behind === -1 ? present.length : behind;
}
