import type { Callee } from "./entry.ts";
import { notHistoric } from "./errors.ts";
import { type HistoricCall, performHistoric } from "./history.ts";
import { type Arguments, createImplementation } from "./implementation.ts";
import { Order } from "./order.ts";
import {
  performAsync,
  performByPlugin,
  performByPluginAsync,
  performSettled,
  performSync,
} from "./perform.ts";
import {
  createPlan,
  directArguments,
  historicArguments,
  implementationsOf,
  keptArguments,
  type Plan,
} from "./plan.ts";
import type {
  Answer,
  Attributed,
  CallResult,
  Hookimpl,
  HookShape,
  One,
  Settled,
  SettledOptions,
} from "./types.ts";
import { checkAgainst } from "./validation.ts";

/** What every caller can say. */
interface Inspectable {
  /** The hook's name. */
  readonly name: string;
  /** The plugins that implement the hook, in call order, wrappers first; each once. */
  plugins(): string[];
  /** What implements the hook, in call order. */
  implementations(): Hookimpl[];
}

type Method<Shape extends HookShape> = (args: Shape["arguments"]) => Answer<Shape>;

/** Calls all implementations of one hook. Results of null and undefined are dropped. */
export interface DirectCaller<Shape extends HookShape> extends Inspectable {
  /** Calls synchronously; a plugin that answers with a promise is an error. */
  (args: Shape["arguments"]): CallResult<Shape>;
  /** Calls one implementation after the other, waiting for each. */
  async(args: Shape["arguments"]): Promise<CallResult<Shape>>;
  /** As a synchronous call, each result with the plugin that gave it. What a wrapper put there is the wrapper's. */
  byPlugin(args: Shape["arguments"]): Attributed<One<Shape>>[];
  /** As `async`, each result with the plugin that gave it. */
  byPluginAsync(args: Shape["arguments"]): Promise<Attributed<One<Shape>>[]>;
  /**
   * Calls every implementation even if others fail, and says how each ended. Never stops at a first result.
   * Wrappers are called too, but what they make of the results is not told.
   */
  allSettled(args: Shape["arguments"], options?: SettledOptions): Promise<Settled<One<Shape>>[]>;
  /** Calls with some more functions, as if they had been registered last, for this one call. */
  callExtra(methods: readonly Method<Shape>[], args: Shape["arguments"]): CallResult<Shape>;
  callExtraAsync(
    methods: readonly Method<Shape>[],
    args: Shape["arguments"],
  ): Promise<CallResult<Shape>>;
}

/** Calls all implementations of one historic hook, those of now and those of later. */
export interface HistoricCaller<Shape extends HookShape> extends Inspectable {
  /**
   * Calls what is registered now, and whatever is registered later as soon as it is. Results are given to
   * `resultCallback`, one at a time. The arguments are kept as long as the manager lives.
   */
  callHistoric(args: Shape["arguments"], resultCallback?: (result: One<Shape>) => void): void;
}

/** `manager.hook.<name>`: calls all implementations of one hook. */
export type HookCaller<Shape extends HookShape> = Shape extends { readonly historic: true }
  ? HistoricCaller<Shape>
  : DirectCaller<Shape>;

/** The name that functions given to `callExtra` have in errors. */
const EXTRA = "<extra>";

/** The callable face of an entry. It has all methods: whether a hook is historic may not be known yet. */
export function createCaller(callee: Callee): DirectCaller<HookShape> & HistoricCaller<HookShape> {
  const call = (args: Arguments) => {
    const plan = callee.plan();
    return performSync(plan, directArguments(plan, args));
  };
  /** Never throws before there is a promise to reject. */
  const later =
    <Result>(perform: (plan: Plan, args: Arguments) => Promise<Result>) =>
    async (args: Arguments) => {
      const plan = callee.plan();
      return perform(plan, keptArguments(plan, args));
    };
  const caller = Object.assign(call, {
    async: later(performAsync),
    byPluginAsync: later(performByPluginAsync),
    allSettled: async (args: Arguments, options?: SettledOptions) => {
      const plan = callee.plan();
      return performSettled(plan, keptArguments(plan, args), options);
    },
    byPlugin: (args: Arguments) => {
      const plan = callee.plan();
      return performByPlugin(plan, directArguments(plan, args));
    },
    callExtra: (methods: readonly Extra[], args: Arguments) => {
      const plan = withExtra(callee.plan(), methods);
      return performSync(plan, directArguments(plan, args));
    },
    callExtraAsync: async (methods: readonly Extra[], args: Arguments) => {
      const plan = withExtra(callee.plan(), methods);
      return performAsync(plan, keptArguments(plan, args));
    },
    callHistoric: (args: Arguments, resultCallback?: HistoricCall["resultCallback"]) =>
      callHistoric(callee, args, resultCallback),
    plugins: () => [...new Set(implementationsOf(callee.plan()).map((one) => one.plugin))],
    implementations: () => implementationsOf(callee.plan()),
  });
  Object.defineProperty(caller, "name", { value: callee.hook });
  return caller as never;
}

type Extra = (args: never) => unknown;

/** The plan with functions that take part once. */
function withExtra(plan: Plan, methods: readonly Extra[]): Plan {
  const { hook, spec } = plan;
  const order = new Order(plan);
  for (const implementation of methods) {
    const place = { plugin: EXTRA, hook };
    const extra = createImplementation({ place, implementation, options: {}, owner: methods });
    if (spec) checkAgainst(extra, spec);
    order.add(extra);
  }
  return createPlan(plan, spec, order.inCallOrder());
}

function callHistoric(
  callee: Callee,
  args: Arguments,
  resultCallback: HistoricCall["resultCallback"],
): void {
  const plan = callee.plan();
  if (!plan.historic) throw notHistoric(callee.hook);
  const call = { args: historicArguments(plan, args), resultCallback };
  callee.remember(call);
  performHistoric(plan, call);
}
