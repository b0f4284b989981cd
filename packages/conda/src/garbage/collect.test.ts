import { existsSync, linkSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { channelRecords, writeChannel } from "../../test/support/channel.ts";
import { temporaryDirectory, testEnvironment } from "../../test/support/environment.ts";
import type { FixturePackage } from "../../test/support/package.ts";
import { solveByName } from "../../test/support/source.ts";
import { preparePackages } from "../cache/prepare.ts";
import { changeEnvironment } from "../environment/change.ts";
import type { ChangeOptions, PackageSource } from "../environment/options.ts";
import { listGenerations } from "../generations/list.ts";
import { lockPrefix } from "../stage/lock.ts";
import { collectGarbage, type GarbageOptions } from "./collect.ts";
import { freedBytes } from "./freed.ts";

const tool = (version: string): FixturePackage => ({
  name: "tool",
  version,
  files: { "share/tool.txt": version.repeat(5000) },
});

/** One environment that held these versions one after another, with the real package cache. */
async function environmentOf(...versions: readonly string[]) {
  const env = testEnvironment();
  const channel = join(env.root, "channel");
  writeChannel(channel, versions.map(tool));
  const change = (version: string, more: Partial<ChangeOptions> = {}) => {
    const records = channelRecords(channel, [tool(version)]);
    const source: PackageSource = {
      solve: async ({ specs }) => solveByName(records, specs),
      prepare: async (wanted, { cacheDir }, onPackage) =>
        void (await preparePackages(wanted, { cacheDir, onPackage })),
    };
    return changeEnvironment({ ...env.options, specs: [`tool==${version}`], ...more }, source);
  };
  for (const version of versions) await change(version);
  const { prefix, snapshotsDir, cacheDir } = env.options;
  const collect = (more: Partial<GarbageOptions> = {}) =>
    collectGarbage({ prefixes: [prefix], snapshotsDir, cacheDir, keep: 5, ...more });
  const cached = () =>
    readdirSync(cacheDir)
      .filter((name) => name.startsWith("tool-"))
      .sort();
  const states = () => listGenerations({ prefix, snapshotsDir }).map(({ state }) => state);
  return { ...env, ...env.options, change, collect, cached, states };
}

test("generations beyond those kept go, and with them packages that only they held", async () => {
  const env = await environmentOf("1", "2", "3");
  const { items } = await env.collect({ keep: 1 });
  expect(items.map(({ kind, path, number }) => [kind, number ?? basename(path)])).toEqual([
    ["generation", 1],
    ["package", "tool-1-0"],
  ]);
  expect(env.states()).toEqual(["gone", "kept", "live"]);
  expect(env.cached()).toEqual(["tool-2-0", "tool-3-0"]);
});

test("where all is needed, nothing goes", async () => {
  const env = await environmentOf("1", "2");
  expect(await env.collect()).toEqual({ items: [], bytes: 0 });
});

test("a dry run tells the same, and removes nothing", async () => {
  const env = await environmentOf("1", "2", "3");
  writeFileSync(join(env.cacheDir, "x-1-0.conda.partial"), "half");
  mkdirSync(join(env.root, "env.staged-0badcafe"));
  const dry = await env.collect({ keep: 0, dryRun: true });
  expect(dry.items.map(({ kind }) => kind)).toEqual([
    ...["generation", "generation", "leftover", "package", "package", "download"],
  ]);
  expect(env.states()).toEqual(["kept", "kept", "live"]);
  expect(existsSync(join(env.root, "env.staged-0badcafe"))).toBe(true);
  const found = await env.collect({ keep: 0 });
  expect(found.items.filter(({ kind }) => kind !== "leftover")).toEqual(
    dry.items.filter(({ kind }) => kind !== "leftover"),
  );
  expect(dry.items.filter(({ path }) => existsSync(path))).toEqual([]);
  expect(await env.collect({ keep: 0 })).toEqual({ items: [], bytes: 0 });
});

test("what a failed check kept for a look goes", async () => {
  const env = await environmentOf("1", "2");
  const check = () => Promise.reject(new Error("no"));
  await expect(env.change("1", { check })).rejects.toThrow("no");
  const { items } = await env.collect();
  expect(items.map(({ kind }) => kind)).toEqual(["failed"]);
  expect(readdirSync(env.root).filter((name) => name.includes("failed"))).toEqual([]);
});

test("a package that another environment holds stays", async () => {
  const env = await environmentOf("1", "2");
  const other = join(env.root, "other");
  await env.change("1", { prefix: other });
  const { items } = await env.collect({ keep: 0, prefixes: [env.prefix, other] });
  expect(items.map(({ kind }) => kind)).toEqual(["generation"]);
  expect(env.cached()).toEqual(["tool-1-0", "tool-2-0"]);
});

test("archives are kept for packages that are needed, and no others; what is no package stays", async () => {
  const env = await environmentOf("1");
  for (const name of ["tool-1-0.conda", "gone-1-0.tar.bz2"])
    writeFileSync(join(env.cacheDir, name), "");
  const before = readdirSync(env.cacheDir);
  await env.collect();
  expect(readdirSync(env.cacheDir)).toEqual(before.filter((name) => name !== "gone-1-0.tar.bz2"));
});

test("an environment that is being changed is left alone, and so are the others", async () => {
  const env = await environmentOf("1", "2");
  using _lock = lockPrefix(join(env.root, "other"));
  const prefixes = [env.prefix, join(env.root, "other")];
  await expect(env.collect({ keep: 0, prefixes })).rejects.toMatchObject({
    code: "CONDA_PREFIX_LOCKED",
  });
  expect(env.states()).toEqual(["kept", "live"]);
});

test("what is freed is what no other name holds", () => {
  const root = temporaryDirectory();
  for (const name of ["a", "b", "c"]) mkdirSync(join(root, name));
  const folder = freedBytes([join(root, "c")]);
  writeFileSync(join(root, "a/file"), "x".repeat(40_000));
  const file = freedBytes([join(root, "a")]) - folder;
  expect(file).toBeGreaterThanOrEqual(40_000);
  linkSync(join(root, "a/file"), join(root, "b/file"));
  expect(freedBytes([join(root, "a")])).toBe(folder);
  expect(freedBytes([join(root, "a"), join(root, "b")])).toBe(2 * folder + file);
});
