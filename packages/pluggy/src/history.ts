import type { Arguments } from "./implementation.ts";
import { performSync } from "./perform.ts";
import type { Plan } from "./plan.ts";

/** A call that plugins registered later receive too. */
export interface HistoricCall {
  readonly args: Arguments;
  /** Given each result, of now and of later. */
  readonly resultCallback: ((result: unknown) => void) | undefined;
}

export function performHistoric(plan: Plan, { args, resultCallback }: HistoricCall): void {
  const results = performSync(plan, args);
  if (resultCallback === undefined || !Array.isArray(results)) return;
  for (const result of results) resultCallback(result);
}
