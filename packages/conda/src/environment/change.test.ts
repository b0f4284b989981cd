import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/support/environment.ts";
import type { FixturePackage } from "../../test/support/package.ts";
import { fixtureSource, PYTHON } from "../../test/support/source.ts";
import { snapshotNames } from "../generations/journal.ts";
import type { StagedPrefix } from "../stage/stage.ts";
import { changeEnvironment, planEnvironment } from "./change.ts";

const TOOL: FixturePackage = { name: "tool", files: { "share/tool.txt": "one" } };
const NEW_TOOL: FixturePackage = {
  name: "tool",
  version: "2.0",
  files: { "share/tool.txt": "two" },
};

test("a first installation leaves a prefix, its records and its history, and no snapshot", async () => {
  const env = testEnvironment();
  const result = await env.change([TOOL], ["tool"], { command: "tljh install" });
  expect(result).toMatchObject({ changed: true, snapshot: undefined });
  expect(env.read("share/tool.txt")).toBe("one");
  expect(JSON.parse(env.read("conda-meta/tool-1.0-0.json"))).toMatchObject({
    name: "tool",
    files: ["share/tool.txt"],
    requested_spec: "tool",
  });
  expect(env.read("conda-meta/history")).toMatch(
    /^==> .* <==\n# cmd: tljh install\n# conda version: 4.6.0\n\+https:\/\/channel.example\/conda\/linux-64::tool-1.0-0\n# update specs: \['tool'\]\n$/,
  );
  expect(readdirSync(env.root).sort()).toEqual([".env.lock", "cache-1", "env", "snapshots"]);
});

test("a second run of the same request changes nothing", async () => {
  const env = testEnvironment();
  await env.change([TOOL], ["tool"]);
  const before = env.read("conda-meta/history");
  const result = await env.change([], ["tool"]);
  expect(result.changed).toBe(false);
  expect(env.read("conda-meta/history")).toBe(before);
});

test("an upgrade keeps the previous environment as a snapshot", async () => {
  const env = testEnvironment();
  await env.change([TOOL], ["tool"]);
  const { snapshot } = await env.change([NEW_TOOL], ["tool>=2"]);
  expect(env.read("share/tool.txt")).toBe("two");
  expect(readFileSync(join(snapshot ?? "", "share/tool.txt"), "utf8")).toBe("one");
});

test("as many earlier environments are kept as are asked for", async () => {
  const env = testEnvironment();
  const upgrade = (version: string, keepSnapshots: number) =>
    env.change([{ ...TOOL, version }], [`tool==${version}`], { keepSnapshots });
  const kept = () => snapshotNames(env.prefix, env.options.snapshotsDir).length;
  for (const version of ["1.0", "2.0", "3.0"]) await upgrade(version, 1);
  expect(kept()).toBe(1);
  await upgrade("4.0", 2);
  expect(kept()).toBe(2);
  await upgrade("5.0", 0);
  expect(kept()).toBe(0);
});

test("what removes the files of earlier environments is as told, and they are no snapshots any more", async () => {
  const env = testEnvironment();
  const removed: string[] = [];
  const removeTree = (directory: string) => void removed.push(directory);
  for (const version of ["1.0", "2.0", "3.0"]) {
    const options = { keepSnapshots: 1, removeTree };
    await env.change([{ ...TOOL, version }], [`tool==${version}`], options);
  }
  expect(removed.map((path) => existsSync(join(path, "share/tool.txt")))).toEqual([true]);
  expect(snapshotNames(env.prefix, env.options.snapshotsDir)).toHaveLength(1);
});

test("a failed check leaves the live environment, and keeps the other for a look", async () => {
  const env = testEnvironment();
  await env.change([TOOL], ["tool"]);
  let told = "";
  const check = (staged: StagedPrefix) => {
    told = staged.failedDirectory;
    return Promise.reject(new Error("does not import"));
  };
  for (const _ of [1, 2])
    await expect(env.change([NEW_TOOL], ["tool>=2"], { check })).rejects.toThrow("does not import");
  expect(env.read("share/tool.txt")).toBe("one");
  const beside = readdirSync(env.root).filter((name) => name.startsWith("env"));
  expect(beside).toEqual(["env", basename(told)]);
  expect(readFileSync(join(told, "share/tool.txt"), "utf8")).toBe("two");
});

test("a failed first installation leaves no prefix", async () => {
  const env = testEnvironment();
  const extend = () => Promise.reject(new Error("pip failed"));
  await expect(env.change([TOOL], ["tool"], { extend })).rejects.toThrow("pip failed");
  expect(existsSync(env.prefix)).toBe(false);
});

test("the staged environment is seen at its final path by commands run in it", async () => {
  const env = testEnvironment();
  await env.change([TOOL], ["tool"]);
  let seen = "";
  await env.change([NEW_TOOL], ["tool>=2"], {
    check: async (staged) => {
      const { stdout } = await staged.run(["cat", join(env.prefix, "share/tool.txt")]);
      seen = stdout;
    },
  });
  expect(seen).toBe("two\n");
});

test("what an admin put into the environment is carried along, and edits do not reach the snapshot", async () => {
  const env = testEnvironment();
  await env.change([TOOL], ["tool"]);
  mkdirSync(join(env.prefix, "etc"));
  writeFileSync(join(env.prefix, "etc/settings.json"), "{}");
  const { snapshot } = await env.change([NEW_TOOL], ["tool>=2"], {
    extend: async (staged) => {
      writeFileSync(join(staged.directory, "etc/settings.json"), '{"a":1}');
    },
  });
  expect(env.read("etc/settings.json")).toBe('{"a":1}');
  expect(readFileSync(join(snapshot ?? "", "etc/settings.json"), "utf8")).toBe("{}");
});

test("packages that nobody asked for but that were there stay, unless they stand in the way", async () => {
  const env = testEnvironment();
  const byHand: FixturePackage = { name: "by-hand", files: { "share/hand.txt": "mine" } };
  await env.change([TOOL, byHand], ["tool", "by-hand"]);
  writeFileSync(join(env.prefix, "conda-meta/history"), "");
  const { records } = await env.change([NEW_TOOL, byHand], ["tool>=2"]);
  expect(records.map((record) => record.name)).toEqual(["by-hand", "tool"]);
  const later = await env.change([{ ...NEW_TOOL, version: "3.0" }], ["tool>=3"]);
  expect(later.records.map((record) => record.name)).toEqual(["tool"]);
});

test("removing a package takes along what needs it, and its files", async () => {
  const env = testEnvironment();
  const plugin: FixturePackage = { name: "plugin", depends: ["tool"], files: { "share/p": "" } };
  const other: FixturePackage = { name: "other", files: { "bin/other": "" } };
  const all = [TOOL, plugin, other];
  await env.change(all, ["plugin", "other"]);
  const { records } = await env.change(all, [], { remove: ["tool"] });
  expect(records.map((record) => record.name)).toEqual(["other"]);
  expect(existsSync(join(env.prefix, "share"))).toBe(false);
  expect(env.read("conda-meta/history")).toContain("# remove specs: ['tool']");
});

test("what is asked for no longer goes without asking a channel, and stays where it is needed", async () => {
  const env = testEnvironment();
  const user: FixturePackage = { name: "user", depends: ["tool"] };
  await env.change([TOOL, user], ["tool", "user"]);
  const nothing = { specs: ["user"], release: ["tool"] };
  const needed = await env.change([], ["user"], { ...nothing, extend: async () => {} });
  expect(needed.records.map(({ name }) => name)).toEqual(["tool", "user"]);
  expect(needed.records[0]?.requested_spec).toBe("None");
  const { records } = await env.change([], [], { release: ["user"] });
  expect(records).toEqual([]);
});

test("Python files are compiled, and a second environment links the same byte code", async () => {
  const env = testEnvironment();
  const lib: FixturePackage = {
    name: "lib",
    noarch: "python",
    depends: ["python"],
    files: { "site-packages/lib.py": "answer = 42\n", "site-packages/bad.py": "def (" },
  };
  const { records } = await env.change([PYTHON, lib], ["lib"]);
  const compiled = "lib/python3.11/site-packages/__pycache__/lib.cpython-311.pyc";
  expect(records.find(({ name }) => name === "lib")?.files).toEqual([
    "lib/python3.11/site-packages/lib.py",
    "lib/python3.11/site-packages/bad.py",
    compiled,
  ]);
  expect(statSync(join(env.prefix, compiled)).nlink).toBe(2);
});

test("a change while another is under way is refused", async () => {
  const env = testEnvironment();
  const extend = async () => {
    await expect(env.change([TOOL], ["tool"])).rejects.toMatchObject({
      code: "CONDA_PREFIX_LOCKED",
      message: expect.stringContaining(`process ${process.pid}`),
    });
  };
  await env.change([TOOL], ["tool"], { extend });
});

test("what a killed run left beside the prefix is removed by the next", async () => {
  const env = testEnvironment();
  await env.change([TOOL], ["tool"]);
  const left = join(env.root, "env.staged-0badcafe");
  mkdirSync(left);
  linkSync(join(env.prefix, "share/tool.txt"), join(left, "tool.txt"));
  await env.change([TOOL], ["tool"]);
  expect(existsSync(left)).toBe(false);
});

test("a spec for something that was there already is noted in record and history", async () => {
  const env = testEnvironment();
  const user: FixturePackage = { name: "user", depends: ["tool"] };
  await env.change([TOOL, user], ["user"]);
  const { changed } = await env.change([], ["tool"]);
  expect(changed).toBe(false);
  expect(JSON.parse(env.read("conda-meta/tool-1.0-0.json"))).toHaveProperty(
    "requested_spec",
    "tool",
  );
  expect(env.read("conda-meta/history")).toContain("# update specs: ['tool']");
});

test("an aborted change leaves the live environment as it is", async () => {
  const env = testEnvironment();
  await env.change([TOOL], ["tool"]);
  const signal = AbortSignal.abort();
  await expect(env.change([NEW_TOOL], ["tool>=2"], { signal })).rejects.toMatchObject({
    code: "CONDA_ABORTED",
  });
  expect(env.read("share/tool.txt")).toBe("one");
});

test("what pip installed stays, and is told of where conda brings the same", async () => {
  const env = testEnvironment();
  await env.change([PYTHON], ["python"]);
  const packages = join(env.prefix, "lib/python3.11/site-packages");
  for (const name of ["My_Lib-1.0.dist-info", "mine-2.0.dist-info"])
    mkdirSync(join(packages, name), { recursive: true });
  const lib: FixturePackage = { name: "my-lib", version: "3.0" };
  await env.change([PYTHON, lib, TOOL], ["python", "my-lib", "tool"]);
  const told = env.events.flatMap((event) => ("code" in event ? [event.code, event.message] : []));
  expect(told.slice(0, 2)).toEqual([
    "CONDA_OVER_PIP",
    "conda's my-lib 3.0 takes the place of my-lib 1.0, which pip installed",
  ]);
  expect(told.filter((text) => text === "CONDA_OVER_PIP")).toHaveLength(1);
  expect(existsSync(join(packages, "mine-2.0.dist-info"))).toBe(true);
});

test("a plan that was made is carried out without solving again, as long as it holds", async () => {
  const env = testEnvironment();
  const source = countingSource(env.root, [TOOL]);
  const options = { ...env.options, specs: ["tool"] };
  const plan = await planEnvironment(options, source);
  await changeEnvironment({ ...options, plan }, source);
  expect(source.solved).toBe(1);
  expect(env.read("share/tool.txt")).toBe("one");
});

test("a plan is made anew where the environment or the request is another by now", async () => {
  const env = testEnvironment();
  const other: FixturePackage = { name: "other", files: { "share/other.txt": "" } };
  const source = countingSource(env.root, [TOOL, other]);
  const options = { ...env.options, specs: ["tool"] };
  const plan = await planEnvironment(options, source);
  await changeEnvironment({ ...options, specs: ["other"], plan }, source);
  expect(source.solved).toBe(2);
  const { records } = await changeEnvironment({ ...options, plan }, source);
  expect(records.map(({ name }) => name)).toEqual(["other", "tool"]);
  expect(source.solved).toBe(3);
});

function countingSource(root: string, fixtures: readonly FixturePackage[]) {
  const source = fixtureSource(join(root, "counted"), fixtures);
  const counting = {
    ...source,
    solved: 0,
    solve: (...request: Parameters<typeof source.solve>) => {
      counting.solved += 1;
      return source.solve(...request);
    },
  };
  return counting;
}
