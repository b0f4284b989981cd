import type { Cost } from "./cost.ts";
import type { Machine } from "./machine.ts";
import type { ChangesRun } from "./measure/changes.ts";
import type { EnvironmentRun } from "./measure/environment.ts";
import type { GrowthRun } from "./measure/growth.ts";
import type { PluggyRun } from "./measure/pluggy.ts";
import type { PluginsRun } from "./measure/plugins.ts";
import type { LoginRun } from "./measure/product.ts";
import type { SolveRun } from "./measure/solve.ts";

/** All that one run of the benchmark found; parts that were left out have no runs. */
export interface Figures {
  readonly machine: Machine;
  readonly cold: readonly EnvironmentRun[];
  readonly warm: readonly EnvironmentRun[];
  /** Seconds of a whole `tljh install`, once. */
  readonly install: readonly number[];
  readonly show: readonly Cost[];
  readonly set: readonly Cost[];
  readonly apply: readonly Cost[];
  readonly login: readonly LoginRun[];
  readonly plugins: readonly PluginsRun[];
  readonly pluggy: readonly PluggyRun[];
  readonly solve: readonly SolveRun[];
  readonly changes: readonly ChangesRun[];
  readonly growth: readonly GrowthRun[];
}

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? Number.NaN)) / 2;
}

export function medianOf<T>(runs: readonly T[], value: (run: T) => number): number {
  return median(runs.map(value));
}
