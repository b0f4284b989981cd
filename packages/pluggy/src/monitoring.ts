import type { Arguments } from "./implementation.ts";
import { Outcome } from "./outcome.ts";
import { implementationsOf, type Plan } from "./plan.ts";
import type { Hookimpl } from "./types.ts";

/** Called before a hook's implementations, which come in call order. */
export type BeforeCall = (
  hook: string,
  implementations: readonly Hookimpl[],
  args: Arguments,
) => void;

/** Called when the hook's call has ended; the outcome is what the caller gets, and may be changed. */
export type AfterCall = (
  outcome: Outcome<unknown>,
  hook: string,
  implementations: readonly Hookimpl[],
  args: Arguments,
) => void;

interface Monitor {
  readonly before: BeforeCall;
  readonly after: AfterCall;
}

/** The monitors of a manager. The one added last stands around all others. */
export class Monitoring {
  private monitors: readonly Monitor[] = [];

  /** False as long as calls need not be told to anybody. */
  get active(): boolean {
    return this.monitors.length > 0;
  }

  /** Gives back what takes the monitor away again. */
  add(before: BeforeCall, after: AfterCall): () => void {
    const monitor = { before, after };
    this.monitors = [monitor, ...this.monitors];
    return () => {
      this.monitors = this.monitors.filter((one) => one !== monitor);
    };
  }

  /** Does `work`, which is the call of a hook, in sight of all monitors. */
  observe<Result>(plan: Plan, args: Arguments, work: () => Result): Result {
    const told = [plan.hook, implementationsOf(plan), args] as const;
    return this.monitors.reduceRight<() => Result>(
      (inner, { before, after }) =>
        () => {
          before(...told);
          const outcome = Outcome.from(inner);
          after(outcome, ...told);
          return outcome.getResult();
        },
      work,
    )();
  }

  /** As `observe`; the call ends when its promise does. */
  observeAsync<Result>(plan: Plan, args: Arguments, work: () => Promise<Result>): Promise<Result> {
    const told = [plan.hook, implementationsOf(plan), args] as const;
    return this.monitors.reduceRight<() => Promise<Result>>(
      (inner, { before, after }) =>
        async () => {
          before(...told);
          const outcome = await Outcome.fromAsync(inner);
          after(outcome, ...told);
          return outcome.getResult();
        },
      work,
    )();
  }
}
