import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeUnpacked } from "../../test/support/channel.ts";
import { testEnvironment } from "../../test/support/environment.ts";
import type { FixturePackage } from "../../test/support/package.ts";
import { readPrefixRecords } from "../prefix/records.ts";
import { verifyDirectory } from "../verify/verify.ts";

const FIRST: FixturePackage = {
  name: "a-first",
  files: { "share/x": "first", "share/link": { link: "x" }, "share/own": "" },
};
const SECOND: FixturePackage = {
  name: "b-second",
  depends: ["a-first"],
  files: { "share/x": "second", "share/link": { link: "own" } },
};

/** Both packages, which hold the same paths. */
async function contested() {
  const env = testEnvironment();
  await env.change([FIRST, SECOND], ["a-first", "b-second"]);
  const remove = () => env.change([FIRST], ["a-first"], { remove: ["b-second"] });
  return { ...env, remove };
}

test("of two packages with one path the later wins, in whatever order they arrive", async () => {
  const env = await contested();
  expect(env.read("share/x")).toBe("second");
  expect(env.events).toContainEqual({
    type: "clobber",
    path: "share/x",
    packages: ["a-first", "b-second"],
  });
});

test("where the package that won a file goes, the other gets its own back", async () => {
  const env = await contested();
  writeUnpacked(env.options.cacheDir, FIRST);
  await env.remove();
  expect([env.read("share/x"), env.read("share/link")]).toEqual(["first", "first"]);
  const { damaged } = await verifyDirectory(env.prefix, env.prefix, readPrefixRecords(env.prefix));
  expect(damaged).toEqual([]);
});

test("a file that an admin wrote since stays as it is", async () => {
  const env = await contested();
  writeUnpacked(env.options.cacheDir, FIRST);
  writeFileSync(join(env.prefix, "share/x"), "mine");
  await env.remove();
  expect(env.read("share/x")).toBe("mine");
});

test("where the one that stays is no longer in the cache, it is told", async () => {
  const env = await contested();
  await env.remove();
  expect(readFileSync(join(env.prefix, "share/x"), "utf8")).toBe("second");
  expect(env.events).toContainEqual({
    type: "warning",
    code: "CONDA_FILE_NOT_RESTORED",
    message: expect.stringContaining("a-first"),
  });
});
