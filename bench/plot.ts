import type { Point } from "./exponent.ts";

/** Points that one letter stands for. */
export interface Series {
  readonly letter: string;
  readonly points: readonly Point[];
}

const LINES_A_DECADE = 4;
const COLUMNS_A_DECADE = 16;
const LABEL = 8;

/** Times against sizes, both on logarithmic scales, as text. Of letters in one place the last is seen. */
export function plot(series: readonly Series[], unit: string): string {
  const points = series.flatMap((one) => one.points);
  const [first, last] = rangeOf(points.map(({ size }) => size));
  const [low, high] = rangeOf(points.map(({ took }) => took));
  const height = (high - low) * LINES_A_DECADE;
  const width = (last - first) * COLUMNS_A_DECADE;
  const canvas = Array.from({ length: height + 1 }, () => Array(width + 1).fill(" "));
  for (const { letter, points } of series) {
    for (const { size, took } of points) {
      const row = canvas[Math.round((high - Math.log10(took)) * LINES_A_DECADE)];
      row?.splice(Math.round((Math.log10(size) - first) * COLUMNS_A_DECADE), 1, letter);
    }
  }
  const lines = canvas.map((row, at) => {
    const label = at % LINES_A_DECADE === 0 ? timeText(high - at / LINES_A_DECADE) : "";
    return `${label.padStart(LABEL)} | ${row.join("")}`.trimEnd();
  });
  return [
    ...lines,
    `${" ".repeat(LABEL)} +-${"-".repeat(width + 1)}`,
    scale(first, last, unit),
  ].join("\n");
}

/** Whole powers of ten around values, as exponents. */
function rangeOf(values: readonly number[]): [number, number] {
  const low = Math.floor(Math.log10(Math.min(...values)));
  return [low, Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))))];
}

const timeText = (power: number): string =>
  power < 0 ? `${Math.round(10 ** (power + 3))} ms` : `${10 ** power} s`;

function scale(first: number, last: number, unit: string): string {
  const marks = Array.from({ length: last - first + 1 }, (_, at) =>
    (10 ** (first + at)).toLocaleString("en"),
  );
  const padded = marks.map((mark) => mark.padEnd(COLUMNS_A_DECADE)).join("");
  return `${" ".repeat(LABEL + 3)}${padded.trimEnd()} ${unit}`;
}
