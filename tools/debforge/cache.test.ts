import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildOnce } from "./cache.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "debforge-cache-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("What is built appears whole, and is not built again", async () => {
  const goal = join(folder, "small-1");
  let builds = 0;
  const make = async (partial: string) => {
    builds += 1;
    await writeFile(join(partial, "file"), "x");
    expect(await readdir(folder)).not.toContain("small-1");
  };
  await buildOnce(goal, "{}", make);
  await buildOnce(goal, "{}", make);
  expect(builds).toBe(1);
  expect(await readFile(join(goal, "lock.json"), "utf8")).toBe("{}");
});

test("A build that fails leaves nothing", async () => {
  const failing = buildOnce(join(folder, "small-1"), "{}", async () => {
    throw new Error("no space");
  });
  await expect(failing).rejects.toThrow("no space");
  expect(await readdir(folder)).toEqual([]);
});

test("What a process that died left is removed", async () => {
  // Linux gives no process a number above 2^22.
  await mkdir(join(folder, "small-1.4194999.partial"));
  await buildOnce(join(folder, "small-1"), "{}", async () => undefined);
  expect(await readdir(folder)).toEqual(["small-1"]);
});
