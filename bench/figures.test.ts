import { expect, test } from "vitest";
import { type Figures, medianOf } from "./figures.ts";
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
};

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
