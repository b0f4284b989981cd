import fc from "fast-check";
import { expect, test } from "vitest";
import { TljhError } from "../errors/error.ts";
import { createLog, errorFields, logLine } from "./log.ts";

test("a line has its priority, its message and its fields", () => {
  expect(
    logLine("warn", "slow", { unit: "jupyter-alice", ms: 12, name: undefined, to: null }),
  ).toBe("<4>slow unit=jupyter-alice ms=12 to=null\n");
});

test("whatever is in a field, it stays one line and cannot pretend to be another field", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (message, value) => {
      const line = logLine("info", message, { value, end: true });
      expect(line.indexOf("\n")).toBe(line.length - 1);
      expect(line).toMatch(/ value=("(?:[^"\\]|\\.)*"|[^\s"]+) end=true\n$/);
    }),
  );
});

test("a person reads the level instead of the priority", () => {
  const lines: string[] = [];
  createLog((line) => lines.push(line), true)("error", "broken");
  expect(lines).toEqual(["error: broken\n"]);
});

test("an explained error is logged with code and remedy, another with its trace", () => {
  const explained = new TljhError("X_Y", { message: "m", remedy: "r" });
  expect(errorFields(explained)).toEqual({ code: "X_Y", error: "m", remedy: "r" });
  expect(errorFields(new Error("m"))).toMatchObject({ error: "m", stack: expect.any(String) });
  expect(errorFields("text")).toEqual({ error: "text" });
});
