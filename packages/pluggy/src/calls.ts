import { hookFailed, resultIsPromise } from "./errors.ts";
import { type Arguments, argumentsFor, type HookImplementation } from "./implementation.ts";
import type { Hookspec } from "./markers.ts";
import type { Attributed, Settled } from "./types.ts";

/** A call of one hook: what is called, in which order, with what. */
export interface HookCall {
  readonly implementations: readonly HookImplementation[];
  readonly args: Arguments;
  readonly spec: Hookspec;
}

/** What an implementation answered, before any waiting, and whose answer it is. */
interface Step {
  readonly implementation: HookImplementation;
  readonly answer: unknown;
}

/**
 * The one call loop. It yields each answer to its driver, which gives back the result (for an
 * asynchronous call after waiting) or throws; it is the same for synchronous and asynchronous calls.
 */
function* multicall(call: HookCall): Generator<Step, Attributed<unknown>[], unknown> {
  const results: Attributed<unknown>[] = [];
  for (const implementation of call.implementations) {
    let value: unknown;
    try {
      const args = argumentsFor(implementation, call.args, call.spec);
      value = yield { implementation, answer: implementation.call(args) };
    } catch (cause) {
      throw asFailure(implementation, cause);
    }
    if (value === null || value === undefined) continue;
    results.push({ plugin: implementation.plugin, value });
    if (call.spec.firstresult) break;
  }
  return results;
}

/** The error of an implementation, naming plugin and hook; one that names this place already stays as it is. */
function asFailure(implementation: HookImplementation, cause: unknown): Error {
  const named = isOwnError(cause) && cause.plugin === implementation.plugin;
  return named && cause.hook === implementation.hook ? cause : hookFailed(implementation, cause);
}

function isOwnError(cause: unknown): cause is Error & { plugin: unknown; hook: unknown } {
  return cause instanceof Error && "plugin" in cause && "hook" in cause;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "then" in value &&
    typeof value.then === "function"
  );
}

export function callSync(call: HookCall): Attributed<unknown>[] {
  const loop = multicall(call);
  let step = loop.next();
  while (!step.done) {
    const { answer, implementation } = step.value;
    if (isPromise(answer)) {
      answer.then(undefined, () => {});
      step = loop.throw(resultIsPromise(implementation));
    } else step = loop.next(answer);
  }
  return step.value;
}

/** One after the other, so that each sees what those before it have done. */
export async function callAsync(call: HookCall): Promise<Attributed<unknown>[]> {
  const loop = multicall(call);
  let step = loop.next();
  while (!step.done) {
    let value: unknown;
    try {
      value = await step.value.answer;
    } catch (error) {
      step = loop.throw(error);
      continue;
    }
    step = loop.next(value);
  }
  return step.value;
}

/** Calls every implementation, one after the other, whether or not those before it failed. */
export async function callSettled(call: HookCall): Promise<Settled<unknown>[]> {
  const ends: Settled<unknown>[] = [];
  for (const implementation of call.implementations) {
    const { plugin } = implementation;
    try {
      const [result] = await callAsync({ ...call, implementations: [implementation] });
      ends.push({ plugin, status: "fulfilled", value: result?.value });
    } catch (error) {
      ends.push({ plugin, status: "rejected", error: asFailure(implementation, error) });
    }
  }
  return ends;
}
