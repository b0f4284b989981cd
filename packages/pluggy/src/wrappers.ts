import {
  resultIsPromise,
  wrapperDidNotYield,
  wrapperIsAsync,
  wrapperYieldedTwice,
} from "./errors.ts";
import { Failure, failAfter } from "./failure.ts";
import type { Arguments, HookImplementation } from "./implementation.ts";
import { Outcome } from "./outcome.ts";
import { isPromise, refusePromise } from "./promises.ts";
import { teardownFailed, type WarningSink } from "./warnings.ts";

type Either = Generator<unknown, unknown, unknown> | AsyncGenerator<unknown, unknown, unknown>;
type Step = IteratorResult<unknown, unknown>;

/** A wrapper that has run to its `yield` and waits there. */
export interface Started {
  readonly wrapper: HookImplementation;
  readonly generator: Either;
}

/** Runs a wrapper to its `yield`. */
export function start(wrapper: HookImplementation, args: Arguments): Started {
  if (wrapper.generator === "async") throw wrapperIsAsync(wrapper);
  const generator = wrapper.function.call(wrapper.owner, args) as Either;
  const step = generator.next() as Step;
  if (step.done === true) throw wrapperDidNotYield(wrapper);
  return { wrapper, generator };
}

export async function startAsync(wrapper: HookImplementation, args: Arguments): Promise<Started> {
  const generator = wrapper.function.call(wrapper.owner, args) as Either;
  const step = await generator.next();
  if (step.done === true) throw wrapperDidNotYield(wrapper);
  return { wrapper, generator };
}

/** Runs a wrapper to its end, and gives back what it makes of `ended`: a result, or a `Failure`. */
export function conclude(started: Started, ended: unknown, warn: WarningSink): unknown {
  const { wrapper, generator } = started;
  const outcome = outcomeFor(wrapper, ended);
  let resumed = false;
  try {
    const step = resume(generator, ended, outcome) as Step;
    resumed = true;
    if (step.done !== true) {
      generator.return(undefined);
      throw wrapperYieldedTwice(wrapper);
    }
    const value = outcome === undefined ? step.value : outcome.getResult();
    if (isPromise(value)) throw refusePromise(value, resultIsPromise(wrapper));
    return value;
  } catch (error) {
    if (!resumed && outcome !== undefined) warn(teardownFailed(wrapper, error));
    return failAfter(ended, wrapper, error);
  }
}

export async function concludeAsync(
  started: Started,
  ended: unknown,
  warn: WarningSink,
): Promise<unknown> {
  const { wrapper, generator } = started;
  const outcome = outcomeFor(wrapper, ended);
  let resumed = false;
  try {
    const step = await resume(generator, ended, outcome);
    resumed = true;
    if (step.done !== true) {
      await generator.return(undefined);
      throw wrapperYieldedTwice(wrapper);
    }
    return await (outcome === undefined ? step.value : outcome.getResult());
  } catch (error) {
    if (!resumed && outcome !== undefined) warn(teardownFailed(wrapper, error));
    return failAfter(ended, wrapper, error);
  }
}

/** What the `yield` of an old-style wrapper gives; other wrappers have none. */
function outcomeFor(wrapper: HookImplementation, ended: unknown): Outcome<unknown> | undefined {
  if (wrapper.kind !== "hookwrapper") return undefined;
  return ended instanceof Failure ? Outcome.ofException(ended.error) : Outcome.ofResult(ended);
}

function resume(
  generator: Either,
  ended: unknown,
  outcome: Outcome<unknown> | undefined,
): Step | Promise<Step> {
  if (outcome !== undefined) return generator.next(outcome);
  return ended instanceof Failure ? generator.throw(ended.error) : generator.next(ended);
}
