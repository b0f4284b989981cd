import { argumentsFor, callOneAsync } from "./calls.ts";
import { Failure } from "./failure.ts";
import type { Arguments, HookImplementation } from "./implementation.ts";
import type { Plan } from "./plan.ts";
import type { Settled, SettledOptions } from "./types.ts";
import { concludeAsync, type Started, startAsync } from "./wrappers.ts";

/** How each implementation has ended: with a value, or a `Failure`. */
type Ends = Map<HookImplementation, unknown>;

/**
 * Calls every implementation, whether or not those before it failed, and says how each ended.
 * Wrappers stand around them all: they are given the results, or the first failure. What they make of that
 * changes nothing of what the others have done, so it is not told.
 */
export async function callSettled(
  plan: Plan,
  args: Arguments,
  { atOnce = false }: SettledOptions = {},
): Promise<Settled<unknown>[]> {
  const ends: Ends = new Map();
  const started = await startEach(plan, args, ends);
  if (atOnce) await callAtOnce(plan, args, ends);
  else for (const one of plan.plain) ends.set(one, await callOneAsync(plan, one, args));
  let ended = together(plan, ends);
  for (const one of started.reverse()) {
    ended = await concludeAsync(one, ended, plan.warn);
    if (ended instanceof Failure && ended.culprit === one.wrapper) ends.set(one.wrapper, ended);
  }
  return [...ends].map(([one, end]) => settledOf(one.plugin, end));
}

/** Runs every wrapper to its `yield`. */
async function startEach(plan: Plan, args: Arguments, ends: Ends): Promise<Started[]> {
  const started: Started[] = [];
  for (const one of plan.wrappers) {
    ends.set(one, undefined);
    try {
      started.push(await startAsync(one, argumentsFor(plan, one, args)));
    } catch (error) {
      ends.set(one, new Failure(one, error));
    }
  }
  return started;
}

async function callAtOnce(plan: Plan, args: Arguments, ends: Ends): Promise<void> {
  const values = await Promise.all(plan.plain.map((one) => callOneAsync(plan, one, args)));
  for (const [index, one] of plan.plain.entries()) ends.set(one, values[index]);
}

/** What an ordinary call would have ended with, had it gone on after the first failure. */
function together(plan: Plan, ends: Ends): unknown {
  const all = [...ends.values()].filter((end) => end !== null && end !== undefined);
  const failure = all.find((end) => end instanceof Failure);
  return failure ?? (plan.firstresult ? all[0] : all);
}

function settledOf(plugin: string, end: unknown): Settled<unknown> {
  return end instanceof Failure
    ? { plugin, status: "rejected", error: end.toError() }
    : { plugin, status: "fulfilled", value: end ?? undefined };
}
