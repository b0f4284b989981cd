import { expect, test } from "vitest";
import { isPlainlySatisfied } from "./satisfied.ts";

const numpy = (version: string) => ({
  name: "numpy",
  version,
  build: "0",
  build_number: 0,
  subdir: "linux-64",
  depends: [],
});

test.each([
  ["numpy", "1.26.4", true],
  ["NumPy", "1.26.4", true],
  ["scipy", "1.26.4", false],
  ["numpy=1.26", "1.26.4", true],
  ["numpy=1.2", "1.26.4", false],
  ["numpy==1.26", "1.26.0", true],
  ["numpy==1.26", "1.26.4", false],
  ["numpy 1.26.*", "1.26.4", true],
  ["numpy >=1.26,<2", "1.26.4", true],
  ["numpy>=1.26,<2", "2.0", false],
  ["numpy!=1.26.4", "1.26.4", false],
  ["numpy<=1.9", "1.10", false],
])("%s and %s: %s", (spec, version, expected) => {
  expect(isPlainlySatisfied(spec, numpy(version))).toBe(expected);
});

test("what is not plain is left to the solver", () => {
  const specs = ["numpy[build=py*]", "numpy=1.26=py*", "numpy~=1.26", "c::numpy", "numpy|scipy"];
  for (const spec of specs) expect(isPlainlySatisfied(spec, numpy("1.26.4"))).toBe(false);
  expect(isPlainlySatisfied("numpy>=1", numpy("2.0rc1"))).toBe(false);
});
