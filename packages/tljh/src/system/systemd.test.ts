import { expect, test } from "vitest";
import { parseProperties, unitState } from "./systemd.ts";

const clocks = { monotonic: 60_000, wall: 1_700_000_060_000 };
const state = (text: string) => unitState(parseProperties(text), clocks);

test("a running service that starts at boot", () => {
  const text = "ActiveState=active\nUnitFileState=enabled\nActiveEnterTimestampMonotonic=500000\n";
  expect(state(text)).toEqual({ active: true, enabled: true, startedAt: 1_700_000_000_500 });
});

test("a service that is not running has no start", () => {
  const text = "ActiveState=failed\nUnitFileState=disabled\nActiveEnterTimestampMonotonic=500000\n";
  expect(state(text)).toEqual({ active: false, enabled: false, startedAt: null });
});

test("a service that systemd does not know", () => {
  expect(state("ActiveState=inactive\nUnitFileState=\n")).toMatchObject({ active: false });
});

test("a value may hold equals signs", () => {
  expect(parseProperties("A=b=c\n\nnonsense\n").get("A")).toBe("b=c");
});

test("a service that never was active has no start", () => {
  expect(state("ActiveState=active\nActiveEnterTimestampMonotonic=0\n").startedAt).toBeNull();
});
