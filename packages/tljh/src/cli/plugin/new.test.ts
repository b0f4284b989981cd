import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { run } from "../main.ts";

let folder: string;
let out: string;
let err: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tljh-new-"));
  vi.spyOn(process, "cwd").mockReturnValue(folder);
  out = "";
  err = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += text;
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += text;
    return true;
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

it("tljh plugin new says what it made and what to type next", async () => {
  expect(await run(["plugin", "new", "stars"])).toBe(0);
  expect(out).toBe(`Made tljh-stars, a plugin in TypeScript, in ${folder}/tljh-stars:
  tljh_stars.ts
  tljh_stars.test.ts
  package.json
  tsconfig.json
  README.md
  LICENSE
  .gitignore

What to type next:
  tljh plugin check ./tljh-stars
  tljh plugin test ./tljh-stars
  sudo tljh install --plugin ./tljh-stars
`);
});

it("tljh plugin new --python makes one in Python, in the folder that is given", async () => {
  expect(await run(["plugin", "new", "stars", "--python", "--directory", "it's mine"])).toBe(0);
  expect(out).toContain("Made tljh-stars, a plugin in Python");
  expect(out).toContain(`  tljh plugin check './it'\\''s mine'\n`);
  const files = ["pyproject.toml", "test_tljh_stars.py", "tljh_stars.py"];
  expect(await readdir(join(folder, "it's mine"))).toEqual(expect.arrayContaining(files));
});

it("tljh plugin new --json says so as data", async () => {
  expect(await run(["plugin", "new", "@observatory/stars", "--json"])).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    package: "@observatory/tljh-stars",
    plugin: "stars",
    language: "typescript",
    folder: join(folder, "tljh-stars"),
    files: expect.arrayContaining(["LICENSE", "tljh_stars.ts"]),
  });
});

it("tljh plugin new refuses what is no name, and makes nothing", async () => {
  expect(await run(["plugin", "new", "Stars"])).toBe(1);
  expect([out, err]).toEqual(["", expect.stringContaining("Try: tljh plugin new stars")]);
  expect(await readdir(folder)).toEqual([]);
});
