import { closeSync, mkdirSync, openSync, readFileSync, readSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/support/environment.ts";
import { treeDigest } from "../../test/support/tree.ts";
import { listGenerations } from "../generations/list.ts";
import { lockPrefix } from "../stage/lock.ts";
import { rollBack } from "./roll-back.ts";

/** Three generations of one package. */
async function threeVersions() {
  const env = testEnvironment();
  for (const version of ["1", "2", "3"]) {
    const tool = { name: "tool", version, files: { "lib/tool.txt": version } };
    await env.change([tool], [`tool==${version}`]);
  }
  const kept = { prefix: env.prefix, snapshotsDir: env.options.snapshotsDir };
  return {
    ...env,
    kept,
    version: () => env.read("lib/tool.txt"),
    list: () => listGenerations(kept),
  };
}

test("one rollback after another goes further back, and a number goes forward again", async () => {
  const env = await threeVersions();
  const seen: string[] = [];
  for (const number of [undefined, undefined, 3]) {
    await rollBack({ ...env.kept, ...(number !== undefined && { number }) });
    seen.push(env.version());
  }
  expect(seen).toEqual(["2", "1", "3"]);
  expect(env.list().map(({ rolledBackTo }) => rolledBackTo)).toEqual([
    undefined,
    undefined,
    undefined,
    2,
    1,
    3,
  ]);
});

test("a rollback is a generation, with what it changed and who did it", async () => {
  const env = await threeVersions();
  const generation = await rollBack({ ...env.kept, command: "tljh env rollback" });
  expect(generation).toMatchObject({
    number: 4,
    kind: "rollback",
    rolledBackTo: 2,
    by: { uid: process.getuid?.() },
    command: "tljh env rollback",
    changes: [{ name: "tool", from: "3 0", to: "2 0" }],
  });
  expect(env.list().at(-1)).toMatchObject({ ...generation, state: "live" });
});

test("what is gone back to stays as it was, whatever is done in the live environment then", async () => {
  const env = await threeVersions();
  const [first] = env.list();
  const before = treeDigest(first?.directory ?? "");
  await rollBack({ ...env.kept, number: 1 });
  mkdirSync(join(env.prefix, "etc"));
  writeFileSync(join(env.prefix, "etc/settings"), "");
  writeFileSync(join(env.prefix, "conda-meta/history"), "");
  expect(treeDigest(first?.directory ?? "")).toBe(before);
});

test("files that are open stay what they are", async () => {
  const env = await threeVersions();
  const open = openSync(join(env.prefix, "lib/tool.txt"), "r");
  await rollBack(env.kept);
  const buffer = Buffer.alloc(1);
  readSync(open, buffer);
  closeSync(open);
  expect([buffer.toString(), env.version()]).toEqual(["3", "2"]);
});

test("what was done by hand before a rollback is kept as well", async () => {
  const env = await threeVersions();
  writeFileSync(join(env.prefix, "mine"), "by hand");
  await rollBack({ ...env.kept, number: 1 });
  const byHand = env.list().find(({ kind }) => kind === "by-hand");
  expect(readFileSync(join(byHand?.directory ?? "", "mine"), "utf8")).toBe("by hand");
});

test("the package cache of a conda inside the environment stays there", async () => {
  const env = await threeVersions();
  mkdirSync(join(env.prefix, "pkgs"));
  writeFileSync(join(env.prefix, "pkgs/cached"), "");
  await rollBack(env.kept);
  expect(env.read("pkgs/cached")).toBe("");
});

test("what cannot be gone back to is said", async () => {
  const env = await threeVersions();
  const to = (number: number) => rollBack({ ...env.kept, number }).catch((error: unknown) => error);
  expect(await to(7)).toMatchObject({ code: "CONDA_GENERATION_MISSING" });
  expect(await to(3)).toMatchObject({ code: "CONDA_GENERATION_LIVE" });
  const fresh = testEnvironment();
  const { prefix, snapshotsDir } = fresh.options;
  await fresh.change([{ name: "tool" }], ["tool"]);
  await expect(rollBack({ prefix, snapshotsDir })).rejects.toMatchObject({
    code: "CONDA_NO_WAY_BACK",
  });
});

test("no rollback while another change is under way", async () => {
  const env = await threeVersions();
  using _lock = lockPrefix(env.prefix);
  await expect(rollBack(env.kept)).rejects.toMatchObject({ code: "CONDA_PREFIX_LOCKED" });
});
