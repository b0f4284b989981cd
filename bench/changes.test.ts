import { expect, test } from "vitest";
import { changesText } from "./changes-table.ts";
import { type ChangeRun, phasesOf } from "./measure/changes.ts";

test("phases are read from what --timings says, in seconds", () => {
  const said = [
    "Where the time went (phases overlap):",
    "  user environment: stage 0.40 s, check 1.25 s, exchange 43 ms",
  ];
  expect(phasesOf(said.join("\n"))).toEqual({ stage: 0.4, check: 1.25, exchange: 0.043 });
});

const machine = {
  ...{ date: "2026-11-23", cores: 2, processor: "a processor", memoryBytes: 24 * 2 ** 30 },
  ...{ kernel: "6.18", load: 0.2 },
};

function run(wall: number, phases: ChangeRun["phases"]): ChangeRun {
  return { wall, phases, cpu: 3, system: 1, memory: 120e6, others: 0 };
}

test("changes have their medians and that of the exchange, each with what is to be reached", () => {
  const round = (wall: number) => {
    const changed = run(wall, { stage: 0.5, check: 1.5, exchange: wall / 100 });
    return { add: changed, remove: changed, rollBack: changed, nothing: run(0.4, {}) };
  };
  const text = changesText({ machine, changes: [round(2), round(9), round(1)] });
  expect(text).toMatch(
    /\| add a package +\| 2\.00 s \| 1\.00 s – 9\.00 s \| +3 s \| +20 ms \| +50 ms \| 0\.50 s \| 1\.50 s \|/,
  );
  expect(text).toMatch(/\| nothing to do +\| 0\.40 s \| 0\.40 s – 0\.40 s \| +0\.5 s \| {10}\| /);
  expect(changesText({ machine, changes: [] })).toBe("");
});
