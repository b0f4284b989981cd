import type { Attribution } from "./attribution.ts";
import { resultIsPromise } from "./errors.ts";
import { Failure } from "./failure.ts";
import type { Arguments, HookImplementation } from "./implementation.ts";
import type { Plan } from "./plan.ts";
import { isPromise, refusePromise } from "./promises.ts";
import { conclude, concludeAsync, type Started, start, startAsync } from "./wrappers.ts";

/**
 * Calls a hook. Gives back the result, or a `Failure`: a list, or for a `firstresult` hook one value or undefined.
 * `givers` keeps whose result is whose.
 */
export function callSync(plan: Plan, args: Arguments, givers?: Attribution): unknown {
  if (plan.wrappers.length === 0) return callPlain(plan, args, givers);
  const started: Started[] = [];
  let ended = startAll(plan, args, started) ?? callPlain(plan, args, givers);
  for (const one of started.reverse()) {
    ended = conclude(one, ended, plan.warn);
    note(plan, one, ended, givers);
  }
  return ended;
}

/** As `callSync`, waiting for each answer: one after the other, so that each sees what those before it have done. */
export async function callAsync(
  plan: Plan,
  args: Arguments,
  givers?: Attribution,
): Promise<unknown> {
  if (plan.wrappers.length === 0) return callPlainAsync(plan, args, givers);
  const started: Started[] = [];
  let ended =
    (await startAllAsync(plan, args, started)) ?? (await callPlainAsync(plan, args, givers));
  for (const one of started.reverse()) {
    ended = await concludeAsync(one, ended, plan.warn);
    note(plan, one, ended, givers);
  }
  return ended;
}

/** The implementations that wrap nothing. Most calls are this and nothing else: it is written to be fast. */
function callPlain(plan: Plan, args: Arguments, givers: Attribution | undefined): unknown {
  const { plain, functions, owners, guards, firstresult } = plan;
  const results = firstresult ? [] : roomFor(functions);
  let count = 0;
  let at = 0;
  try {
    for (; at < functions.length; at += 1) {
      const implementation = functions[at] as HookImplementation["function"];
      const seen = guards === undefined ? args : argumentsFor(plan, placeAt(plain, at), args);
      const value = implementation.call(owners[at], seen);
      if (value === null || value === undefined) continue;
      if (isPromise(value)) throw refusePromise(value, resultIsPromise(placeAt(plain, at)));
      givers?.add(placeAt(plain, at).plugin, value);
      if (firstresult) return value;
      results[count] = value;
      count += 1;
    }
  } catch (error) {
    return new Failure(placeAt(plain, at), error);
  }
  if (results.length > count) results.length = count;
  return firstresult ? undefined : results;
}

/** A list to be filled from the start. One that becomes long is long at once: to have it grow takes longer. */
function roomFor(results: readonly unknown[]): unknown[] {
  return results.length < 50 ? [] : results.slice();
}

function placeAt(plain: readonly HookImplementation[], at: number): HookImplementation {
  return plain[at] as HookImplementation;
}

async function callPlainAsync(
  plan: Plan,
  args: Arguments,
  givers: Attribution | undefined,
): Promise<unknown> {
  const results: unknown[] = [];
  for (const one of plan.plain) {
    const value = await callOneAsync(plan, one, args);
    if (value instanceof Failure) return value;
    if (value === null || value === undefined) continue;
    givers?.add(one.plugin, value);
    if (plan.firstresult) return value;
    results.push(value);
  }
  return plan.firstresult ? undefined : results;
}

/** What one implementation that wraps nothing answers in the end, or a `Failure`. */
export async function callOneAsync(
  plan: Plan,
  one: HookImplementation,
  args: Arguments,
): Promise<unknown> {
  try {
    return await one.function.call(one.owner, argumentsFor(plan, one, args));
  } catch (error) {
    return new Failure(one, error);
  }
}

/** Starts the wrappers into `started`; a failure if one cannot be started. */
function startAll(plan: Plan, args: Arguments, started: Started[]): Failure | undefined {
  for (const one of plan.wrappers) {
    try {
      started.push(start(one, argumentsFor(plan, one, args)));
    } catch (error) {
      return new Failure(one, error);
    }
  }
  return undefined;
}

async function startAllAsync(
  plan: Plan,
  args: Arguments,
  started: Started[],
): Promise<Failure | undefined> {
  for (const one of plan.wrappers) {
    try {
      started.push(await startAsync(one, argumentsFor(plan, one, args)));
    } catch (error) {
      return new Failure(one, error);
    }
  }
  return undefined;
}

function note(plan: Plan, { wrapper }: Started, ended: unknown, givers?: Attribution): void {
  if (givers === undefined || ended instanceof Failure) return;
  givers.replace(wrapper.plugin, ended, plan.firstresult);
}

/** The arguments as `implementation` may see them: asking for one that the hook does not have throws. */
export function argumentsFor(plan: Plan, one: HookImplementation, args: Arguments): Arguments {
  const guard = plan.guards?.get(one);
  return guard === undefined ? args : new Proxy(args, guard);
}
