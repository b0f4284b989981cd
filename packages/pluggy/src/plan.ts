import { callArgumentsWrong, historicCalledDirectly } from "./errors.ts";
import { createGuard, type Guard } from "./guard.ts";
import type { Arguments, HookImplementation } from "./implementation.ts";
import type { Hookspec } from "./markers.ts";
import type { Monitoring } from "./monitoring.ts";
import type { CallOrder } from "./order.ts";
import type { WarningSink } from "./warnings.ts";

/** What all calls of a hook share, however the list of implementations changes. */
export interface HookContext {
  readonly hook: string;
  readonly monitoring: Monitoring;
  readonly warn: WarningSink;
}

/**
 * All that a call needs to know, worked out once for a list of implementations: a call is made with the
 * implementations of its start, so plugins that a hook registers are not called by the same call.
 */
export interface Plan extends HookContext, CallOrder {
  /** Undefined while the hook has no specification. */
  readonly spec: Hookspec | undefined;
  /** The arguments that a call gives: the hook's, or all that its implementations ask for. */
  readonly known: readonly string[];
  readonly firstresult: boolean;
  readonly historic: boolean;
  /** Of `plain`, those of its fields that every call reads, close together. */
  readonly functions: readonly HookImplementation["function"][];
  readonly owners: readonly object[];
  /** Some implementation can get hold of the object of arguments. */
  readonly exposed: boolean;
  /** Of the implementations that need one; undefined if none does. */
  readonly guards: ReadonlyMap<HookImplementation, Guard> | undefined;
}

export function createPlan(
  context: HookContext,
  spec: Hookspec | undefined,
  { wrappers, plain }: CallOrder,
): Plan {
  const all = [...wrappers, ...plain];
  const known = spec?.arguments ?? askedFor(all);
  const guarded = all.filter((one) => one.guarded);
  return {
    ...context,
    spec,
    known,
    firstresult: spec?.firstresult === true,
    historic: spec?.historic === true,
    wrappers,
    plain,
    functions: plain.map((one) => one.function),
    owners: plain.map((one) => one.owner),
    exposed: all.some((one) => one.exposed),
    guards:
      guarded.length === 0
        ? undefined
        : new Map(guarded.map((one) => [one, createGuard(one, spec?.arguments)])),
  };
}

function askedFor(implementations: readonly HookImplementation[]): string[] {
  const names = implementations.flatMap(({ parameters }) =>
    parameters.kind === "named" ? parameters.required : [],
  );
  return [...new Set(names)];
}

/** The plan's implementations in call order. */
export function implementationsOf({ wrappers, plain }: Plan): HookImplementation[] {
  return [...wrappers, ...plain];
}

/** The arguments of a direct call. Throws unless they are exactly those of the hook. */
export function directArguments(plan: Plan, args: Arguments): Arguments {
  if (plan.historic) throw historicCalledDirectly(plan.hook);
  const given = isInOrder(args, plan.known) ? args : checked(plan, args);
  return plan.exposed ? Object.freeze({ ...given }) : given;
}

/** As `directArguments`, in an object that the caller does not have: the call goes on after it has returned. */
export function keptArguments(plan: Plan, args: Arguments): Arguments {
  const given = directArguments(plan, args);
  return given === args ? { ...args } : given;
}

/** The arguments of a historic call, which are kept for implementations that are not known yet. */
export function historicArguments(plan: Plan, args: Arguments): Arguments {
  return Object.freeze({ ...checked(plan, args) });
}

/** A fast test for what most callers write: the arguments in the order of the specification. */
function isInOrder(args: unknown, known: readonly string[]): args is Arguments {
  if (typeof args !== "object" || args === null) return false;
  let at = 0;
  for (const name in args) {
    if (known[at] !== name) return false;
    at += 1;
  }
  return at === known.length;
}

function checked({ hook, spec, known }: Plan, args: unknown): Arguments {
  const given = (typeof args === "object" && args !== null ? args : {}) as Arguments;
  const missing = known.filter((name) => !Object.hasOwn(given, name));
  // What the implementations of a hook without a specification ask for says nothing of what else may be given.
  const unknown = spec ? Object.keys(given).filter((name) => !known.includes(name)) : [];
  if (missing.length + unknown.length === 0) return given;
  throw callArgumentsWrong(hook, { missing, unknown }, known);
}
