import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/support/environment.ts";
import type { FixturePackage } from "../../test/support/package.ts";
import { PYTHON } from "../../test/support/source.ts";
import { rollBack } from "../environment/roll-back.ts";
import { diffGenerations, listGenerations } from "./list.ts";

const tool = (version: string): FixturePackage => ({
  name: "tool",
  version,
  files: { "share/tool.txt": version },
});

/** An environment that was changed as often as versions are given. */
async function environmentOf(...versions: readonly string[]) {
  const env = testEnvironment();
  const upgrade = (version: string, command = "tljh apply") =>
    env.change([PYTHON, tool(version)], ["python", `tool==${version}`], {
      command,
      reasons: { tool: "tljh-simple" },
    });
  for (const version of versions) await upgrade(version);
  const kept = { prefix: env.prefix, snapshotsDir: env.options.snapshotsDir };
  return { ...env, upgrade, kept, list: () => listGenerations(kept) };
}

const sitePackages = "lib/python3.11/site-packages";

/** As pip leaves it. */
function pipInstall(prefix: string, name: string, version: string): void {
  const info = join(prefix, sitePackages, `${name}-${version}.dist-info`);
  mkdirSync(info, { recursive: true });
  writeFileSync(join(prefix, sitePackages, `${name}.py`), "");
  writeFileSync(
    join(info, "RECORD"),
    `${name}.py,sha256=x,0\n${name}-${version}.dist-info/RECORD,,\n`,
  );
}

test("each change is told: when, who, by which command, what, and who asked for it", async () => {
  const env = await environmentOf("1.0", "2.0");
  const [first, second] = env.list();
  expect(first).toMatchObject({ number: 1, kind: "change", state: "kept" });
  expect(first?.changes.map(({ name }) => name)).toEqual(["python", "tool"]);
  expect(second).toMatchObject({
    number: 2,
    state: "live",
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    by: { uid: process.getuid?.() },
    command: "tljh apply",
    changes: [
      { manager: "conda", name: "tool", from: "1.0 0", to: "2.0 0", because: "tljh-simple" },
    ],
  });
});

test("a run that finds nothing to do makes no generation", async () => {
  const env = await environmentOf("1.0", "1.0");
  expect(env.list()).toHaveLength(1);
});

test("what pip did by hand is found, shown, and carried along as a generation of its own", async () => {
  const env = await environmentOf("1.0");
  pipInstall(env.prefix, "tqdm", "4.66.1");
  const byHand = {
    number: 2,
    kind: "by-hand",
    changes: [{ manager: "pip", name: "tqdm", to: "4.66.1" }],
  };
  expect(env.list()[1]).toMatchObject({ ...byHand, state: "live", unrecorded: true });
  expect(env.list()[1]).not.toHaveProperty("files");
  await env.upgrade("2.0");
  expect(env.list().slice(1)).toMatchObject([
    { ...byHand, state: "kept" },
    { number: 3, kind: "change", changes: [{ name: "tool" }], state: "live" },
  ]);
  expect(env.read(`${sitePackages}/tqdm.py`)).toBe("");
  expect(env.events).toContainEqual({
    type: "warning",
    code: "CONDA_CHANGED_BY_HAND",
    message: `${env.prefix} was changed by hand since its last generation: + tqdm 4.66.1 (pip). It is kept, as generation 2`,
  });
});

test("the files of a generation that was changed in place are gone, and are not gone back to", async () => {
  const env = await environmentOf("1.0");
  pipInstall(env.prefix, "tqdm", "4.66.1");
  await env.upgrade("2.0");
  expect(env.list().map(({ state }) => state)).toEqual(["gone", "kept", "live"]);
  await expect(rollBack({ ...env.kept, number: 1 })).rejects.toMatchObject({
    code: "CONDA_GENERATION_GONE",
  });
});

test("what conda did by hand is told with the command that conda wrote down", async () => {
  const env = await environmentOf("1.0");
  const meta = join(env.prefix, "conda-meta");
  const record = JSON.parse(env.read("conda-meta/tool-1.0-0.json"));
  rmSync(join(meta, "tool-1.0-0.json"));
  writeFileSync(join(meta, "tool-3.0-0.json"), JSON.stringify({ ...record, version: "3.0" }));
  const later =
    "==> 2099-01-01 00:00:00 <==\n# cmd: mamba install tool=3\n+c/linux-64::tool-3.0-0\n";
  writeFileSync(join(meta, "history"), env.read("conda-meta/history") + later);
  expect(env.list().at(-1)).toMatchObject({
    kind: "by-hand",
    command: "mamba install tool=3",
    changes: [{ manager: "conda", name: "tool", from: "1.0 0", to: "3.0 0" }],
  });
});

test("files that were written by hand are told, but not what Python writes by itself", async () => {
  const env = await environmentOf("1.0");
  mkdirSync(join(env.prefix, "etc/jupyter"), { recursive: true });
  mkdirSync(join(env.prefix, "share/__pycache__"));
  writeFileSync(join(env.prefix, "share/__pycache__/x.pyc"), "");
  expect(env.list()).toHaveLength(1);
  writeFileSync(join(env.prefix, "etc/jupyter/lab.json"), "{}");
  const files = { count: 1, some: ["etc/jupyter/lab.json"] };
  expect(env.list()[1]).toMatchObject({ kind: "by-hand", changes: [], files });
});

test("an environment that somebody else made is the first generation", async () => {
  const env = await environmentOf("1.0");
  rmSync(env.options.snapshotsDir, { recursive: true });
  rmSync(join(env.prefix, "conda-meta/generation"));
  expect(env.list()).toMatchObject([{ number: 1, kind: "found", state: "live", unrecorded: true }]);
  await env.upgrade("2.0");
  expect(env.list()).toMatchObject([
    { number: 1, kind: "found", state: "kept" },
    { number: 2, kind: "change", state: "live" },
  ]);
});

test("a journal that is lost or damaged is made again from the environments", async () => {
  const env = await environmentOf("1.0", "2.0", "3.0");
  const before = env.list();
  const journal = join(env.options.snapshotsDir, "env.generations.json");
  for (const damage of [
    () => rmSync(journal),
    () => writeFileSync(journal, "{"),
    () => writeFileSync(journal, "[]"),
  ]) {
    damage();
    expect(env.list()).toEqual(before);
  }
  await env.upgrade("4.0");
  expect(env.list().map(({ number, state }) => [number, state])).toEqual([
    [1, "kept"],
    [2, "kept"],
    [3, "kept"],
    [4, "live"],
  ]);
});

test("a marker that outlived its journal keeps its number, or gets one that is free", async () => {
  const env = await environmentOf("1.0", "2.0");
  const journal = join(env.options.snapshotsDir, "env.generations.json");
  writeFileSync(journal, JSON.stringify({ version: 1, generations: [] }));
  await env.upgrade("3.0");
  expect(env.list().map(({ number }) => number)).toEqual([2, 3]);
});

test("an earlier environment that an admin moved into its place is told as such", async () => {
  const env = await environmentOf("1.0", "2.0", "3.0");
  const [first] = env.list();
  renameSync(env.prefix, `${env.prefix}-away`);
  cpSync(first?.directory ?? "", env.prefix, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
  });
  expect(env.list().at(-1)).toMatchObject({
    number: 4,
    kind: "by-hand",
    rolledBackTo: 1,
    changes: [{ name: "tool", from: "3.0 0", to: "1.0 0" }],
    state: "live",
  });
});

test("two generations differ in what was done between them, either way round", async () => {
  const env = await environmentOf("1.0", "2.0", "3.0");
  const change = { manager: "conda", name: "tool", because: "tljh-simple" };
  expect(diffGenerations(env.kept, 1, 3)).toEqual([{ ...change, from: "1.0 0", to: "3.0 0" }]);
  expect(diffGenerations(env.kept, 3, 2)).toMatchObject([{ from: "3.0 0", to: "2.0 0" }]);
  expect(diffGenerations(env.kept, 2, 2)).toEqual([]);
  expect(() => diffGenerations(env.kept, 1, 9)).toThrow(
    expect.objectContaining({
      code: "CONDA_GENERATION_MISSING",
      message: expect.stringContaining("the last one is 3"),
    }),
  );
});

test("there is nothing to tell of an environment that is not there", async () => {
  const env = testEnvironment();
  expect(listGenerations({ prefix: env.prefix, snapshotsDir: env.options.snapshotsDir })).toEqual(
    [],
  );
  expect(readdirSync(env.root)).toEqual([]);
});
