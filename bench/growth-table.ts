import { exponentOf, type Point } from "./exponent.ts";
import { type Figures, medianOf } from "./figures.ts";
import type { GrowthRun, Work } from "./measure/growth.ts";
import { plot } from "./plot.ts";
import { machineText, table } from "./table.ts";

/** What is measured, and the letter that stands for it in a plot. */
const WORKS: readonly { readonly work: Work; readonly title: string; readonly letter: string }[] = [
  { work: "nothing", title: "nothing to do", letter: "n" },
  { work: "rollBack", title: "roll back", letter: "r" },
  { work: "add", title: "add one package", letter: "a" },
  { work: "full", title: "make it, full cache", letter: "f" },
  { work: "empty", title: "make it, empty cache", letter: "e" },
];

const MOST = "1.1";

/** How the time grows with an environment's packages and files, as Markdown. */
export function growthText({ machine, growth }: Pick<Figures, "machine" | "growth">): string {
  if (growth.length === 0) return "";
  const conditions = `Medians of ${growth.length} runs; no exponent is to be above ${MOST}.`;
  return [
    `${machineText(machine)} ${conditions}`,
    seriesText("packages", "10 files in each", growth),
    seriesText("files", "100 packages", growth),
  ].join("\n\n");
}

function seriesText(unit: keyof GrowthRun, what: string, runs: readonly GrowthRun[]): string {
  const sizes = (runs[0]?.[unit] ?? []).map(({ size }) => size);
  const pointsOf = (work: Work): Point[] =>
    sizes.map((size, at) => ({
      size,
      took: medianOf(runs, (run) => run[unit][at]?.took[work] ?? Number.NaN),
    }));
  const all = WORKS.map((one) => ({ ...one, points: pointsOf(one.work) }));
  const head = [`${unit} (${what})`, ...sizes.map((size) => size.toLocaleString("en"))];
  const rows = all.map(({ title, letter, points }) => [
    `${letter}: ${title}`,
    ...points.map(({ took }) => `${took.toFixed(2)} s`),
    exponentOf(points).toFixed(2),
    exponentOf(points.slice(-2)).toFixed(2),
  ]);
  const text = table([...head, "exponent", "of the last step"], rows);
  return `${text}\n\n\`\`\`text\n${plot(all, unit)}\n\`\`\``;
}
