import { expect, test } from "vitest";
import { newComplaints } from "./requirements.ts";

const MISSING = "a 1.0 requires b, which is not installed.";
const WRONG = "a 1.0 has requirement c>=2, but you have c 1.0.";

test("what was not complained of before is new", () => {
  expect(newComplaints(`${MISSING}\n`, `${MISSING}\n${WRONG}\n`)).toEqual([WRONG]);
  expect(newComplaints("No broken requirements found.\n", MISSING)).toEqual([MISSING]);
});

test("the same complaint of another version is not", () => {
  const after = "a 1.1 has requirement c>=2.1, but you have c 1.5.";
  expect(newComplaints(WRONG, after)).toEqual([]);
  const unsupported = (version: string) => `d ${version} is not supported on this platform`;
  expect(newComplaints(unsupported("1"), unsupported("2"))).toEqual([]);
});

test("other words of pip are no complaints", () => {
  expect(newComplaints("", "No broken requirements found.\nWARNING: something else\n")).toEqual([]);
});
