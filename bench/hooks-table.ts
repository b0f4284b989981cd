import { type Figures, medianOf } from "./figures.ts";
import type { PluggyRun } from "./measure/pluggy.ts";
import { type Case, type CaseTimes, type HookTimes, WORKLOAD } from "./pluggy/workload.ts";
import { machineText, table } from "./table.ts";

const HEAD = ["implementations", "call", "pluggy's", "times", "register", "pluggy's", "times"];

/** What hooks cost, as Markdown: ours and Python's side by side, and how many times faster ours are. */
export function hooksText({ machine, pluggy }: Figures): string {
  const [run] = pluggy;
  if (run === undefined) return "";
  const rows = WORKLOAD.cases.map((one, at) => [
    titleOf(one),
    ...compared(pluggy, (times) => times.cases[at]?.call),
    ...compared(pluggy, (times: HookTimes) => times.cases[at]?.register),
  ]);
  const [ours, theirs, faster] = compared(pluggy, (times) => times.first);
  const conditions = `${run.ours.version}; ${run.theirs.version}; medians of ${pluggy.length} runs.`;
  const { implementations } = WORKLOAD.first;
  const first = `From the sources of ${implementations} plugins to the results of a first call, in a new process: ${ours}, and ${theirs} with pluggy (${faster} times).`;
  return [`${machineText(machine)} ${conditions}`, table(HEAD, rows), first].join("\n\n");
}

function titleOf({ implementations, wrappers }: Case): string {
  const count = implementations.toLocaleString("en");
  return wrappers === 0 ? count : `${count}, in ${wrappers} wrappers`;
}

/** The medians of both, and how often the first fits into the second. */
function compared(
  runs: readonly PluggyRun[],
  value: (times: HookTimes) => CaseTimes["call"] | undefined,
): string[] {
  const ours = medianOf(runs, (run) => value(run.ours) ?? Number.NaN);
  const theirs = medianOf(runs, (run) => value(run.theirs) ?? Number.NaN);
  const times = theirs / ours;
  return [duration(ours), duration(theirs), times.toFixed(times < 9.95 ? 1 : 0)];
}

function duration(seconds: number): string {
  if (seconds < 1e-6) return `${(seconds * 1e9).toFixed(0)} ns`;
  if (seconds < 1e-3) return `${(seconds * 1e6).toFixed(1)} µs`;
  return `${(seconds * 1e3).toFixed(1)} ms`;
}
