import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { failedImports, importArguments } from "./imports.ts";

/** By the machine's own Python. */
function imported(...modules: readonly string[]) {
  const { stdout, stderr } = spawnSync("python3", importArguments(modules), { encoding: "utf8" });
  return failedImports({ stdout, output: stderr });
}

test("each module is imported on its own account, and what fails is told with Python's words", () => {
  expect(imported("json", "there_is_none", "os.path", "antigravity_too")).toEqual([
    { module: "there_is_none", reason: "ModuleNotFoundError: No module named 'there_is_none'" },
    { module: "antigravity_too", reason: "ModuleNotFoundError: No module named 'antigravity_too'" },
  ]);
  expect(imported("json")).toEqual([]);
});

test("a module that writes while it is imported disturbs nothing", () => {
  expect(imported("this", "json")).toEqual([]);
  const noise = 'tljh-check:nonsense\ntljh-check:7\ntljh-check:["end"]\n';
  expect(failedImports({ stdout: noise, output: "" })).toEqual([]);
});

test("a module that ends Python is the last one that was begun", () => {
  const begun = 'tljh-check:["begin", "crashes"]\n';
  expect(failedImports({ stdout: begun, output: `${begun}Segmentation fault\n` })).toEqual([
    { module: "crashes", reason: "Segmentation fault" },
  ]);
  const ended = "it took longer than 300 seconds";
  expect(failedImports({ stdout: begun, output: begun, ended })).toEqual([
    { module: "crashes", reason: ended },
  ]);
  expect(failedImports({ stdout: "", output: "" })).toEqual([
    { module: "python", reason: "Python ended without a word" },
  ]);
});
