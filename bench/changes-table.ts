import { type Figures, medianOf } from "./figures.ts";
import type { Change, ChangeRun } from "./measure/changes.ts";
import { machineText, table } from "./table.ts";

const HEAD = [
  ...["change", "wall", "from – to", "to reach", "exchange", "to reach"],
  ...["stage", "check", "CPU", "memory"],
];

/** What small changes of a large environment cost, as Markdown. */
export function changesText({ machine, changes }: Pick<Figures, "machine" | "changes">): string {
  if (changes.length === 0) return "";
  const row = (title: string, change: Change, target: string): string[] => {
    const runs = changes.map((run) => run[change]);
    const walls = runs.map(({ wall }) => wall);
    const exchange = phaseOf(runs, "exchange", milliseconds);
    return [
      title,
      seconds(medianOf(runs, ({ wall }) => wall)),
      `${seconds(Math.min(...walls))} – ${seconds(Math.max(...walls))}`,
      target,
      exchange,
      exchange === "" ? "" : "50 ms",
      phaseOf(runs, "stage", seconds),
      phaseOf(runs, "check", seconds),
      seconds(medianOf(runs, ({ cpu }) => cpu)),
      `${(medianOf(runs, ({ memory }) => memory) / 1e6).toFixed(0)} MB`,
    ];
  };
  const rows = [
    row("add a package", "add", "3 s"),
    row("remove it", "remove", "3 s"),
    row("roll back", "rollBack", "3 s"),
    row("nothing to do", "nothing", "0.5 s"),
  ];
  const conditions = `The whole command; medians of ${changes.length} runs.`;
  return [`${machineText(machine)} ${conditions}`, table(HEAD, rows)].join("\n\n");
}

const seconds = (value: number) => `${value.toFixed(2)} s`;
const milliseconds = (value: number) => `${(value * 1000).toFixed(0)} ms`;

/** Nothing where the change has no such phase. */
function phaseOf(
  runs: readonly ChangeRun[],
  phase: string,
  unit: (value: number) => string,
): string {
  const middle = medianOf(runs, ({ phases }) => phases[phase] ?? Number.NaN);
  return Number.isNaN(middle) ? "" : unit(middle);
}
