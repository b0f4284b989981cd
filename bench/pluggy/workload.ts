/** A hook with so many implementations, and wrappers of the older style around them, each a plugin's only one. */
export interface Case {
  readonly implementations: number;
  readonly wrappers: number;
}

/** What each of the two programs is asked to do. */
export interface Workload {
  readonly cases: readonly Case[];
  /** Called once, from its plugins' sources on, before anything else has run. */
  readonly first: Case;
  /** How long each is done before the measuring begins: until then V8 compiles. Python has no use for it. */
  readonly warmUp: Least;
  /** CPU seconds that are measured, of registering and of calling each. */
  readonly seconds: number;
}

/** At least so many times, and at least for so many CPU seconds. */
export interface Least {
  readonly times: number;
  readonly seconds: number;
}

/** CPU seconds of the calling thread, for one call and for one registration. */
export interface CaseTimes {
  readonly call: number;
  readonly register: number;
}

/** What each of the two programs answers. */
export interface HookTimes {
  /** What it ran with. */
  readonly version: string;
  /** CPU seconds. */
  readonly first: number;
  /** In the order of the workload's. */
  readonly cases: readonly CaseTimes[];
}

const plain = (implementations: number): Case => ({ implementations, wrappers: 0 });

export const WORKLOAD: Workload = {
  cases: [plain(1), plain(10), plain(100), plain(1000), { implementations: 10, wrappers: 10 }],
  first: plain(100),
  warmUp: { times: 50_000, seconds: 0.3 },
  seconds: 0.1,
};
