import type { Cost } from "./cost.ts";
import { type Figures, medianOf } from "./figures.ts";
import { type Machine, QUIET_LOAD } from "./machine.ts";
import type { EnvironmentRun } from "./measure/environment.ts";
import type { PluginsRun } from "./measure/plugins.ts";
import type { LoginRun } from "./measure/product.ts";

/** The figures of the parts in a server as Markdown, which is read well in a terminal, too. */
export function figuresText(figures: Figures): string {
  const parts = [
    machineText(figures.machine),
    table(HEAD, overviewRows(figures)),
    phasesText("Empty package cache", figures.cold),
    phasesText("Full package cache", figures.warm),
    loginText(figures.login),
    pluginsText(figures.plugins),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

export function machineText(machine: Machine): string {
  const memory = (machine.memoryBytes / 2 ** 30).toFixed(0);
  const load = machine.load.toFixed(2);
  const busy = machine.load > QUIET_LOAD ? ", so the machine was not quiet" : "";
  return `${machine.date}: ${machine.cores} cores (${machine.processor}), ${memory} GiB, Linux ${machine.kernel}; load ${load} at the start${busy}.`;
}

const HEAD = ["what", "runs", "wall", "from – to", "to reach", "CPU", "memory", "others' CPU"];

function overviewRows(figures: Figures): string[][] {
  const rows = [
    costRow("environment, empty cache", figures.cold, "12 s", seconds),
    costRow("environment, full cache", figures.warm, "6 s", seconds),
    wallRow("tljh install, with a plugin", figures.install, "", seconds),
    costRow("tljh apply, nothing to do", figures.apply, "2 s", seconds),
    costRow("tljh-config show", figures.show, "150 ms", milliseconds),
    costRow("tljh-config set", figures.set, "", milliseconds),
    wallRow(
      "login to first kernel reply",
      figures.login.map((run) => run.wall),
      "",
      seconds,
    ),
  ];
  return rows.filter((row) => row.length > 0);
}

type Unit = (value: number) => string;
const seconds: Unit = (value) => `${value.toFixed(1)} s`;
const milliseconds: Unit = (value) => `${(value * 1000).toFixed(0)} ms`;
const megabytes: Unit = (value) => `${(value / 1e6).toFixed(0)} MB`;

function wallRow(what: string, walls: readonly number[], target: string, unit: Unit): string[] {
  if (walls.length === 0) return [];
  const range = `${unit(Math.min(...walls))} – ${unit(Math.max(...walls))}`;
  const middle = unit(medianOf(walls, (wall) => wall));
  return [what, String(walls.length), middle, range, target, "", "", ""];
}

function costRow(
  what: string,
  runs: readonly (Cost & { readonly ownMemory?: number })[],
  target: string,
  unit: Unit,
): string[] {
  const row = wallRow(
    what,
    runs.map((run) => run.wall),
    target,
    unit,
  );
  if (row.length === 0) return [];
  const all = megabytes(medianOf(runs, (run) => run.memory));
  const own = medianOf(runs, (run) => run.ownMemory ?? Number.NaN);
  const memory = Number.isNaN(own) ? all : `${megabytes(own)} (${all})`;
  const cpu = unit(medianOf(runs, (run) => run.cpu));
  return [...row.slice(0, 5), cpu, memory, unit(medianOf(runs, (run) => run.others))];
}

const PHASES = [
  ...["repodata", "solve", "download", "unpack", "stage", "link", "compile"],
  ...["check", "exchange"],
];

function phasesText(title: string, runs: readonly EnvironmentRun[]): string {
  const [first] = runs;
  if (first === undefined) return "";
  const rows = PHASES.filter((phase) => runs.every((run) => run.phases[phase])).map((phase) => {
    const start = medianOf(runs, (run) => run.phases[phase]?.start ?? 0);
    const end = medianOf(runs, (run) => run.phases[phase]?.end ?? 0);
    return [phase, seconds(start), seconds(end), seconds(end - start)];
  });
  const what = `${title}: ${first.packages} packages, ${first.files} files; phases overlap`;
  return `${what}\n\n${table(["phase", "from", "to", "takes"], rows)}`;
}

function loginText(runs: readonly LoginRun[]): string {
  const [first] = runs;
  if (first === undefined) return "";
  const step = (name: string): string[] => [
    name,
    seconds(medianOf(runs, (run) => run.steps[name] ?? 0)),
  ];
  return `Login to first kernel reply\n\n${table(["step", "takes"], Object.keys(first.steps).map(step))}`;
}

function pluginsText(runs: readonly PluginsRun[]): string {
  const [first] = runs;
  if (first === undefined) return "";
  const row = (what: string, target: string, value: (run: PluginsRun) => number): string[] => [
    what,
    `${medianOf(runs, value).toFixed(2)} s`,
    target,
  ];
  const rows = [
    row("load", "", ({ load }) => load),
    row("run", "", ({ run }) => run),
    row("load and run", "1 s", ({ load, run }) => load + run),
    row("start of the hub without them", "", ({ hubWithout }) => hubWithout),
    row("start of the hub with them", "", ({ hubWith }) => hubWith),
    row("of which for the plugins", "1 s", ({ hubWith, hubWithout }) => hubWith - hubWithout),
  ];
  const what = `${first.plugins} plugins in TypeScript with every hook; ${first.calls} calls`;
  return `${what}\n\n${table(["what", "takes", "to reach"], rows)}`;
}

/** The first column to the left, figures to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]): string => {
    const padded = widths.map((width, column) => {
      const cell = cells[column] ?? "";
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    return `| ${padded.join(" | ")} |`;
  };
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}
