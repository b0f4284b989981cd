import { expect, test } from "vitest";
import { normalName, probeWheel } from "./pypi.ts";

test("Names are normalised as PEP 503 says", () => {
  expect(normalName("Ruamel.YAML__clib")).toBe("ruamel-yaml-clib");
});

test("A wheel is named after its distribution and its version", () => {
  const { project, fileName, data } = probeWheel("2.0");
  expect(project).toBe("forge-probe");
  expect(fileName).toBe("forge_probe-2.0-py3-none-any.whl");
  expect(data.includes("forge_probe-2.0.dist-info/RECORD")).toBe(true);
  expect(data.includes("INSTALLER")).toBe(false);
});
