import { spawnSync } from "node:child_process";
import { chmod, readdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  pluginFolder,
  sandbox,
  type Tree,
  testPython,
  writeHub,
  writeTree,
} from "../../plugins/fixtures.ts";
import { type Language, pluginFiles, pluginNames } from "../scaffold/index.ts";
import { pythonTests } from "./python.ts";
import { runTests, type TestProgram } from "./run.ts";
import { typescriptTests } from "./typescript.ts";

afterEach(() => void vi.unstubAllEnvs());

/** Runs the tests, and keeps what they print to itself. */
async function outcome({ file, args, cwd, env }: TestProgram) {
  const { exitCode, all } = await execa(file, [...args], { cwd, env, all: true, reject: false });
  return { passed: exitCode === 0, said: all };
}

function scaffold(name: string, language: Language): Tree {
  const options = { year: 2026, sdk: "/opt/tljh/app/sdk" };
  return { ...pluginFiles(pluginNames(name, language), language, options) };
}

describe("the tests of a plugin in TypeScript", () => {
  it.each(["stars", "2023-dark-sky"])("pass as tljh plugin new %s makes them", async (name) => {
    await using box = await sandbox(scaffold(name, "typescript"));
    expect(await outcome(await typescriptTests(box.folder, []))).toMatchObject({
      passed: true,
      said: expect.stringContaining("pass 5"),
    });
  });

  const test = (wanted: string) => `import assert from "node:assert/strict";
    import { test } from "node:test";
    import { loadPlugin } from "tljh/testing";
    const plugin = await loadPlugin(import.meta.dirname);
    test("one", async () => {
      assert.deepEqual(await plugin.call("tljh_extra_apt_packages"), ["${wanted}"]);
    });
    test("another", () => {});`;

  const plugin = `import { hookimpl } from "tljh/hooks";
    export const tljh_extra_apt_packages = hookimpl(() => ["sl"]);`;

  it("fail where one fails, and are given the arguments", async () => {
    await using box = await sandbox({
      ...pluginFolder("x", plugin),
      test: { "x.test.ts": test("sl").replace("import.meta.dirname", JSON.stringify("..")) },
      "x.test.ts": test("figlet"),
    });
    const all = await outcome(await typescriptTests(box.folder, []));
    expect(all.passed).toBe(false);
    const args = ["--test-name-pattern=another", "x.test.ts"];
    expect(await outcome(await typescriptTests(box.folder, args))).toMatchObject({
      passed: true,
      said: expect.stringContaining("pass 1"),
    });
  });

  it("must be there, and not only in what the plugin depends on", async () => {
    await using box = await sandbox({
      ...pluginFolder("x", plugin),
      node_modules: { y: { "y.test.js": "" } },
    });
    await expect(runTests(box.folder, [], box.paths)).rejects.toMatchObject({
      code: "PLUGIN_TESTS_MISSING",
      message: `${box.folder} has no tests`,
    });
  });
});

/** Whether this machine's Python can also run pytest. */
const hasPytest = spawnSync(testPython ?? "false", ["-c", "import pytest"]).status === 0;

describe.runIf(testPython && hasPytest)("the tests of a plugin in Python", () => {
  it.each(["stars", "2023-dark-sky"])("pass as tljh plugin new %s makes them", async (name) => {
    await using box = await sandbox({ plugin: scaffold(name, "python") });
    await writeHub(box.paths.hub, {});
    const folder = join(box.folder, "plugin");
    const ran = await outcome(await pythonTests(folder, [], box.paths));
    expect(ran).toMatchObject({ passed: true, said: expect.stringContaining("5 ") });
  });

  const tests = `import unittest

import stars


class Tests(unittest.TestCase):
    def test_good(self):
        self.assertEqual(stars.answer, 42)

    def test_bad(self):
        self.fail()
`;

  it.each([
    ["pytest", {}, ["-m", "pytest", "-p", "no:cacheprovider"]],
    [
      "unittest where there is no pytest",
      { pytest: "raise ImportError" },
      ["-m", "unittest", "discover", "--start-directory", "tests"],
    ],
  ] as const)("are run by %s, with the arguments", async (_title, modules, runner) => {
    await using box = await sandbox({
      "setup.py": "",
      src: { "stars.py": "answer = 42" },
      tests: { "test_stars.py": tests },
    });
    await writeHub(box.paths.hub, modules);
    const program = await pythonTests(box.folder, ["-k", "test_good"], box.paths);
    expect(program.args).toEqual([...runner, "-k", "test_good"]);
    expect((await outcome(program)).passed).toBe(true);
    const all = await pythonTests(box.folder, [], box.paths);
    expect((await outcome(all)).passed).toBe(false);
    expect(await readdir(join(box.folder, "tests"))).toEqual(["test_stars.py"]);
  });

  it("need a Python that has tljh", async () => {
    await using box = await sandbox({ plugin: { "setup.py": "", "test_x.py": "" } });
    const bin = join(box.folder, "bin");
    await writeTree(bin, { python3: "#!/bin/sh\necho No module named tljh >&2\nexit 1\n" });
    await chmod(join(bin, "python3"), 0o755);
    vi.stubEnv("PATH", `${bin}:${process.env.PATH}`);
    const ran = runTests(join(box.folder, "plugin"), [], box.paths);
    await expect(ran).rejects.toMatchObject({
      code: "PLUGIN_PYTHON_MISSING",
      message: `No Python for plugins: ${box.paths.hub} has none, and python3 cannot import tljh.testing:\nNo module named tljh`,
    });
  });

  it("must be there", async () => {
    await using box = await sandbox({ "pyproject.toml": "" });
    await expect(runTests(box.folder, [], box.paths)).rejects.toMatchObject({
      code: "PLUGIN_TESTS_MISSING",
    });
  });
});
