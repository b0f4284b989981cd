import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { temporaryDirectory, testEnvironment } from "../../test/support/environment.ts";
import type { FixturePackage } from "../../test/support/package.ts";

const TOOL: FixturePackage = { name: "tool", files: { "share/tool.txt": "one" } };

/** A home of this test's own. */
function testHome(): string {
  const home = temporaryDirectory();
  vi.stubEnv("HOME", home);
  onTestFinished(() => void vi.unstubAllEnvs());
  return home;
}

test("what an admin told conda in .condarc or the environment changes nothing", async () => {
  const home = testHome();
  const env = testEnvironment();
  const condarc = "always_copy: true\nallow_softlinks: true\npath_conflict: prevent\n";
  writeFileSync(join(home, ".condarc"), condarc);
  vi.stubEnv("CONDARC", join(home, ".condarc"));
  vi.stubEnv("CONDA_ALWAYS_COPY", "1");
  await env.change([TOOL], ["tool"]);
  writeFileSync(join(env.prefix, ".condarc"), condarc);
  const other: FixturePackage = { name: "z-other", files: { "share/tool.txt": "two" } };
  await env.change([TOOL, other], ["tool", "z-other"]);
  expect(env.read("share/tool.txt")).toBe("two");
  expect(statSync(join(env.prefix, "share/tool.txt")).nlink).toBeGreaterThan(1);
});

test("a menu is a file like others: nothing of it reaches the desktop", async () => {
  const home = testHome();
  const env = testEnvironment();
  const menu = JSON.stringify({
    menu_name: "Tool",
    menu_items: [{ name: "Tool", command: ["x"] }],
  });
  await env.change([{ name: "tool", files: { "Menu/tool.json": menu } }], ["tool"]);
  expect(env.read("Menu/tool.json")).toBe(menu);
  expect(readdirSync(env.prefix).sort()).toEqual(["Menu", "conda-meta"]);
  expect(readdirSync(home)).toEqual([]);
});

test("folders that a package brought empty go with it, unless somebody uses them", async () => {
  const env = testEnvironment();
  const folders: FixturePackage = {
    name: "folders",
    files: { "var/lib/empty": { directory: true }, "var/used": { directory: true } },
  };
  await env.change([TOOL, folders], ["tool", "folders"]);
  expect(JSON.parse(env.read("conda-meta/folders-1.0-0.json")).files).toEqual([]);
  mkdirSync(join(env.prefix, "var/used/mine"));
  await env.change([TOOL], ["tool"], { remove: ["folders"] });
  expect(existsSync(join(env.prefix, "var/lib"))).toBe(false);
  expect(existsSync(join(env.prefix, "var/used/mine"))).toBe(true);
});
