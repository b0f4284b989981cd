import { expect, test } from "vitest";
import { type Figures, medianOf } from "./figures.ts";
import { hooksText } from "./hooks-table.ts";
import { WORKLOAD } from "./pluggy/workload.ts";
import { solveText } from "./solve-table.ts";
import { figuresText } from "./table.ts";

const value = (number: number) => number;

test("a median is the middle value, and the mean of the two in the middle", () => {
  expect(medianOf([9, 1, 2], value)).toBe(2);
  expect(medianOf([4, 1, 2, 9], value)).toBe(3);
});

const nothing: Figures = {
  machine: {
    date: "2026-11-23",
    cores: 2,
    processor: "a processor",
    memoryBytes: 24 * 2 ** 30,
    kernel: "6.18",
    load: 0.2,
  },
  cold: [],
  warm: [],
  install: [],
  show: [],
  set: [],
  apply: [],
  login: [],
  plugins: [],
  pluggy: [],
  solve: [],
  changes: [],
  growth: [],
};

test("a solve is told with what is to be reached", () => {
  const report = { packages: 124, took: 1.44, memory: 241e6 };
  const text = solveText({ ...nothing, solve: [{ sharded: report, whole: report }] });
  expect(text).toContain("| in shards                | 1.4 s |      2 s | 241 MB |   350 MB |");
  expect(solveText(nothing)).toBe("");
});

test("a part that was not measured has no row", () => {
  const text = figuresText({ ...nothing, install: [15.84] });
  expect(text).toContain("| tljh install, with a plugin |    1 | 15.8 s |");
  expect(text).not.toContain("environment");
});

test("a machine that was not quiet is said to be so", () => {
  expect(figuresText(nothing)).not.toContain("not quiet");
  const busy = { ...nothing, machine: { ...nothing.machine, load: 3 } };
  expect(figuresText(busy)).toContain("load 3.00 at the start, so the machine was not quiet");
});

test("plugins tell what the hub's start grows by", () => {
  const run = {
    plugins: 100,
    calls: 1300,
    load: 0.4,
    run: 0.25,
    close: 0,
    hubWithout: 2,
    hubWith: 2.4,
  };
  const text = figuresText({ ...nothing, plugins: [run] });
  expect(text).toMatch(/\| load and run +\| +0\.65 s \| +1 s \|/);
  expect(text).toMatch(/\| of which for the plugins +\| +0\.40 s \| +1 s \|/);
});

test("hooks have a row a size, with the medians of both and how many times faster ours is", () => {
  const times = (version: string, call: number) => ({
    version,
    first: call * 100,
    cases: WORKLOAD.cases.map(() => ({ call, register: call * 10 })),
  });
  const run = (call: number) => ({ ours: times("Node 24", call), theirs: times("pluggy", 2e-6) });
  const text = hooksText({ ...nothing, pluggy: [run(4e-8), run(1), run(1e-9)] });
  const row = /\| 1,000 +\| +40 ns \| +2.0 µs \| +50 \| +400 ns \| +20.0 µs \| +50 \|/;
  expect(text).toMatch(row);
  expect(text).toContain("medians of 3 runs");
});
