import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { channelRecords, writeChannel } from "../../test/support/channel.ts";
import { testEnvironment } from "../../test/support/environment.ts";
import type { FixturePackage } from "../../test/support/package.ts";
import { solveByName } from "../../test/support/source.ts";
import { preparePackages } from "../cache/prepare.ts";
import { changeEnvironment } from "../environment/change.ts";
import type { PackageSource } from "../environment/options.ts";
import { listGenerations } from "../generations/list.ts";
import { readPrefixRecords } from "../prefix/records.ts";
import { type RepairOptions, repairPrefix } from "./repair.ts";
import { verifyDirectory } from "./verify.ts";

const TOOL: FixturePackage = {
  name: "tool",
  files: { "lib/a.txt": "a", "lib/b.txt": "b", "etc/tool.conf": "default" },
};
const OTHER: FixturePackage = { name: "other", files: { "lib/other.txt": "other" } };

/** Both packages, installed through the real cache. */
async function environment() {
  const env = testEnvironment();
  const channel = join(env.root, "channel");
  writeChannel(channel, [TOOL, OTHER]);
  const records = channelRecords(channel, [TOOL, OTHER]);
  const asked: string[] = [];
  const source: PackageSource = {
    solve: async ({ specs }) => solveByName(records, specs),
    async prepare(wanted, { cacheDir }, onPackage) {
      asked.push(...wanted.map(({ name }) => name));
      await preparePackages(wanted, { cacheDir, onPackage });
    },
  };
  await changeEnvironment({ ...env.options, specs: ["tool", "other"] }, source);
  asked.length = 0;
  const repair = (more: Partial<RepairOptions> = {}) =>
    repairPrefix({ ...env.options, ...more }, source);
  const damage = async () =>
    (await verifyDirectory(env.prefix, env.prefix, readPrefixRecords(env.prefix))).damaged;
  return { ...env, asked, channel, repair, damage, at: (path: string) => join(env.prefix, path) };
}

test("where nothing is damaged, nothing is done", async () => {
  const env = await environment();
  const before = statSync(env.prefix).ino;
  expect(await env.repair()).toMatchObject({ repaired: [], left: [], found: { damaged: [] } });
  expect(statSync(env.prefix).ino).toBe(before);
});

test("a package that lacks a file is put in place anew from the cache, and no other", async () => {
  const env = await environment();
  rmSync(env.channel, { recursive: true });
  unlinkSync(env.at("lib/a.txt"));
  const other = statSync(env.at("lib/other.txt")).ino;
  const { repaired, generation } = await env.repair({ command: "tljh env verify --repair" });
  expect([repaired, env.asked]).toEqual([["tool"], ["tool"]]);
  expect(env.read("lib/a.txt")).toBe("a");
  expect(statSync(env.at("lib/other.txt")).ino).toBe(other);
  expect(generation).toMatchObject({
    kind: "repair",
    changes: [],
    command: "tljh env verify --repair",
  });
});

test("what was written into, in the cache too, is fetched anew", async () => {
  const env = await environment();
  writeFileSync(env.at("lib/b.txt"), "B");
  expect(readFileSync(join(env.options.cacheDir, "tool-1.0-0/lib/b.txt"), "utf8")).toBe("B");
  await env.repair();
  expect([env.read("lib/b.txt"), await env.damage()]).toEqual(["b", []]);
});

test("the damaged environment is kept, to look at or to go back to", async () => {
  const env = await environment();
  rmSync(env.at("lib/b.txt"));
  await env.repair();
  const { prefix, snapshotsDir } = env.options;
  const [before] = listGenerations({ prefix, snapshotsDir });
  expect(existsSync(join(before?.directory ?? "", "lib/b.txt"))).toBe(false);
});

test("settings that were edited stay, and so does what was asked for", async () => {
  const env = await environment();
  writeFileSync(env.at("etc/tool.conf"), "mine");
  unlinkSync(env.at("lib/a.txt"));
  await env.repair();
  expect(env.read("etc/tool.conf")).toBe("mine");
  const requested = readPrefixRecords(env.prefix).map(({ requested_spec }) => requested_spec);
  expect(requested).toEqual(["other", "tool"]);
});

test("what pip keeps is left, and named", async () => {
  const env = await environment();
  const python: FixturePackage = { name: "python", version: "3.11.2", files: { "bin/python": "" } };
  await env.change([python, TOOL, OTHER], ["python", "tool", "other"]);
  const info = env.at("lib/python3.11/site-packages/mine-1.0.dist-info");
  mkdirSync(info, { recursive: true });
  writeFileSync(join(info, "RECORD"), "mine.py,,\n");
  expect(await env.repair()).toMatchObject({ repaired: [], left: ["mine"] });
});

test("a package that is not what it says of itself, even anew, is refused", async () => {
  const env = testEnvironment();
  await env.change([TOOL], ["tool"]);
  unlinkSync(join(env.prefix, "lib/a.txt"));
  const source: PackageSource = {
    solve: async () => [],
    async prepare(records, _options, onPackage) {
      for (const record of records) {
        const paths = {
          paths_version: 1 as const,
          paths: [{ _path: "lib/a.txt", path_type: "hardlink" as const, sha256: "0".repeat(64) }],
        };
        const directory = join(env.root, "cache-1/tool-1.0-0");
        onPackage({ record, directory, tarball: "", paths });
      }
    },
  };
  await expect(repairPrefix(env.options, source)).rejects.toMatchObject({
    code: "CONDA_REPAIR_FAILED",
    message: expect.stringContaining("Package tool was put in place anew, and lib/a.txt"),
  });
  expect(existsSync(join(env.prefix, "lib/a.txt"))).toBe(false);
});

test("a check is made before the repaired one goes live", async () => {
  const env = await environment();
  unlinkSync(env.at("lib/a.txt"));
  const check = () => Promise.reject(new Error("does not start"));
  await expect(env.repair({ check })).rejects.toThrow("does not start");
  expect(existsSync(env.at("lib/a.txt"))).toBe(false);
});
