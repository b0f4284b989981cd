import { type Figures, medianOf } from "./figures.ts";
import type { SolveRun } from "./measure/solve.ts";
import { machineText, table } from "./table.ts";

const HEAD = ["repodata", "wall", "to reach", "memory", "to reach"];

/** What a solve costs against a channel of conda-forge's size, as Markdown. */
export function solveText({ machine, solve }: Pick<Figures, "machine" | "solve">): string {
  const [first] = solve;
  if (first === undefined) return "";
  const row = (title: string, form: keyof SolveRun, target: string) => [
    title,
    `${medianOf(solve, (run) => run[form].took).toFixed(1)} s`,
    target,
    `${(medianOf(solve, (run) => run[form].memory) / 1e6).toFixed(0)} MB`,
    "350 MB",
  ];
  const rows = [
    row("in shards", "sharded", "2 s"),
    row("in one repodata.json.zst", "whole", "15 s"),
  ];
  const conditions = `${first.whole.packages} packages of 1,000,000 records; medians of ${solve.length} runs.`;
  return [`${machineText(machine)} ${conditions}`, table(HEAD, rows)].join("\n\n");
}
