import { expect, test } from "vitest";
import { condaName, groupOf, plainName } from "./names.ts";

test.each([
  ["jupyter-server", "jupyter_server"],
  ["jupyter_client", "jupyter_client"],
  ["prompt_toolkit", "prompt-toolkit"],
  ["PyYAML", "pyyaml"],
  ["ruamel.yaml", "ruamel.yaml"],
])("The project %s is %s on conda-forge", (project, name) => {
  expect(condaName(project)).toBe(name);
});

test("Python's .debs are one package", () => {
  expect(groupOf("libpython3.13-stdlib")).toBe("python");
  expect(groupOf("python3.13-minimal")).toBe("python");
});

test("A name keeps only signs that are legal in conda", () => {
  expect(plainName("libstdc++6")).toBe("libstdcxx6");
});
