import { Attribution } from "./attribution.ts";
import { callAsync, callSync } from "./calls.ts";
import { resultOf } from "./failure.ts";
import type { Arguments } from "./implementation.ts";
import type { Plan } from "./plan.ts";
import { callSettled } from "./settled.ts";
import type { Attributed, Settled, SettledOptions } from "./types.ts";

/** The ways of calling a hook. Each is seen by the monitors, and throws what a caller is told. */

export function performSync(plan: Plan, args: Arguments): unknown {
  return plan.monitoring.active ? performWatched(plan, args) : resultOf(callSync(plan, args));
}

function performWatched(plan: Plan, args: Arguments): unknown {
  return plan.monitoring.observe(plan, args, () => resultOf(callSync(plan, args)));
}

export function performByPlugin(plan: Plan, args: Arguments): Attributed<unknown>[] {
  return plan.monitoring.observe(plan, args, () => {
    const givers = new Attribution();
    resultOf(callSync(plan, args, givers));
    return givers.list();
  });
}

export function performAsync(plan: Plan, args: Arguments): Promise<unknown> {
  return plan.monitoring.observeAsync(plan, args, async () =>
    resultOf(await callAsync(plan, args)),
  );
}

export function performByPluginAsync(plan: Plan, args: Arguments): Promise<Attributed<unknown>[]> {
  return plan.monitoring.observeAsync(plan, args, async () => {
    const givers = new Attribution();
    resultOf(await callAsync(plan, args, givers));
    return givers.list();
  });
}

export function performSettled(
  plan: Plan,
  args: Arguments,
  options?: SettledOptions,
): Promise<Settled<unknown>[]> {
  return plan.monitoring.observeAsync(plan, args, () => callSettled(plan, args, options));
}
