import { type HistoricCall, performHistoric } from "./history.ts";
import type { HookImplementation } from "./implementation.ts";
import type { Hookspec } from "./markers.ts";
import { type CallOrder, Order } from "./order.ts";
import { createPlan, type HookContext, type Plan } from "./plan.ts";

/** What a caller calls: all implementations of a hook, or a part of them. */
export interface Callee {
  readonly hook: string;
  /** The implementations of now, ready to be called. */
  plan(): Plan;
  /** Keeps a call for implementations that come later. */
  remember(call: HistoricCall): void;
}

/** One hook: its specification, if it has one yet, and what implements it. */
export class HookEntry implements Callee {
  readonly hook: string;
  private readonly context: HookContext;
  private readonly order = new Order();
  private readonly history: HistoricCall[] = [];
  private specification: Hookspec | undefined;
  private made: Plan | undefined;

  constructor(context: HookContext) {
    this.hook = context.hook;
    this.context = context;
  }

  get spec(): Hookspec | undefined {
    return this.specification;
  }

  /** In call order. */
  get implementations(): HookImplementation[] {
    const { wrappers, plain } = this.order.inCallOrder();
    return [...wrappers, ...plain];
  }

  specify(spec: Hookspec): void {
    this.specification = spec;
    this.made = undefined;
  }

  add(implementation: HookImplementation): void {
    this.order.add(implementation);
    this.made = undefined;
  }

  remove(plugin: string): void {
    this.order.remove(plugin);
    this.made = undefined;
  }

  plan(): Plan {
    this.made ??= this.planOf(this.order.inCallOrder());
    return this.made;
  }

  remember(call: HistoricCall): void {
    this.history.push(call);
  }

  /** Makes all calls that were made before `implementation` came. */
  replay(implementation: HookImplementation): void {
    if (this.history.length === 0) return;
    const plan = this.planOf({ wrappers: [], plain: [implementation] });
    for (const call of this.history) performHistoric(plan, call);
  }

  private planOf(order: CallOrder): Plan {
    return createPlan(this.context, this.specification, order);
  }
}

/** A live view of a hook without the implementations of some plugins, given by name or as objects. */
export class HookSubset implements Callee {
  readonly hook: string;
  private readonly whole: HookEntry;
  private readonly removed: ReadonlySet<string | object>;
  private from: Plan | undefined;
  private made: Plan | undefined;

  constructor(whole: HookEntry, removed: Iterable<string | object>) {
    this.hook = whole.hook;
    this.whole = whole;
    this.removed = new Set(removed);
  }

  plan(): Plan {
    const from = this.whole.plan();
    if (this.made === undefined || this.from !== from) {
      this.from = from;
      this.made = createPlan(from, from.spec, {
        wrappers: from.wrappers.filter((one) => this.takesPart(one)),
        plain: from.plain.filter((one) => this.takesPart(one)),
      });
    }
    return this.made;
  }

  remember(call: HistoricCall): void {
    this.whole.remember(call);
  }

  private takesPart(one: HookImplementation): boolean {
    return !this.removed.has(one.plugin) && !this.removed.has(one.owner);
  }
}
