import { argumentUnknown } from "./errors.ts";
import type { Arguments, HookImplementation } from "./implementation.ts";

/** Watches what an implementation asks for whose source does not show it. */
export type Guard = ProxyHandler<Arguments>;

/** Names that the language itself asks any object for. */
const ASKED_BY_THE_LANGUAGE = new Set(["then", "toJSON", "constructor", "toString", "valueOf"]);

/** Asking for an argument that the hook does not have throws; `known` is undefined for a hook without a specification. */
export function createGuard(
  implementation: HookImplementation,
  known: readonly string[] | undefined,
): Guard {
  const { parameters } = implementation;
  const optional = parameters.kind === "named" ? parameters.optional : [];
  return {
    get(target, name) {
      if (typeof name === "string" && !Object.hasOwn(target, name)) {
        if (optional.includes(name)) return undefined;
        if (known !== undefined && !ASKED_BY_THE_LANGUAGE.has(name)) {
          throw argumentUnknown(implementation, [name], known);
        }
      }
      return Reflect.get(target, name);
    },
  };
}
