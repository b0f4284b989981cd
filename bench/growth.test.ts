import fc from "fast-check";
import { expect, test } from "vitest";
import { exponentOf } from "./exponent.ts";
import { growthText } from "./growth-table.ts";
import { plot } from "./plot.ts";

const points = (took: (size: number) => number) =>
  [10, 100, 1000].map((size) => ({ size, took: took(size) }));

test("an exponent is the power that a time grows with, whatever it is multiplied with", () => {
  const power = fc.double({ min: 0, max: 3, noNaN: true });
  const unit = fc.double({ min: 0.001, max: 100, noNaN: true });
  fc.assert(
    fc.property(power, unit, (power, unit) => {
      expect(exponentOf(points((size) => unit * size ** power))).toBeCloseTo(power, 6);
    }),
  );
});

test("what always takes the same time makes an exponent smaller, and a bend is evened out", () => {
  expect(exponentOf(points((size) => 1 + size / 1000))).toBeCloseTo(0.15, 1);
  const bent = [
    { size: 10, took: 1 },
    { size: 100, took: 20 },
    { size: 1000, took: 100 },
  ];
  expect(exponentOf(bent)).toBeCloseTo(1, 6);
});

test("a plot has each letter where its size and its time are", () => {
  const series = [
    { letter: "a", points: points((size) => size / 100) },
    { letter: "b", points: points(() => 1) },
  ];
  expect(plot(series, "packages")).toBe(
    [
      "    10 s |                                 a",
      "         |",
      "         |",
      "         |",
      "     1 s | b               b               b",
      "         |",
      "         |",
      "         |",
      "  100 ms | a",
      "         +----------------------------------",
      "           10              100             1,000 packages",
    ].join("\n"),
  );
});

const machine = {
  ...{ date: "2026-11-23", cores: 2, processor: "a processor", memoryBytes: 24 * 2 ** 30 },
  ...{ kernel: "6.18", load: 0.2 },
};

test("growth has a row for each work, with the medians, the exponent and that of the last step", () => {
  const took = (seconds: number) => ({
    ...{ empty: seconds, full: 0.2, add: 0.2, nothing: 0.1, rollBack: 0.1 },
  });
  const grown = (slower: number) =>
    [10, 100, 1000].map((size) => ({ size, took: took((slower * size) / 100) }));
  const run = (slower: number) => ({ packages: grown(slower), files: grown(slower) });
  const text = growthText({ machine, growth: [run(1), run(9), run(0.5)] });
  const row =
    /\| e: make it, empty cache +\| +0\.10 s \| +1\.00 s \| +10\.00 s \| +1\.00 \| +1\.00 \|/;
  expect(text).toMatch(row);
  expect(text).toContain("Medians of 3 runs");
  expect(growthText({ machine, growth: [] })).toBe("");
});
