import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { writeUnpacked } from "../../test/support/channel.ts";
import { temporaryDirectory } from "../../test/support/environment.ts";
import type { FixturePackage } from "../../test/support/package.ts";
import { Linker, type LinkTarget, prefixRecord } from "./linker.ts";
import { planLink } from "./plan.ts";
import { pythonInfo } from "./python.ts";
import { unlinkPackages } from "./unlink.ts";

const HOLE = "/hole/placehold_placehold_placehold_placehold_placehold";

function place(): { cache: string; target: LinkTarget } {
  const root = temporaryDirectory();
  mkdirSync(join(root, "staged/conda-meta"), { recursive: true });
  const target = { directory: join(root, "staged"), prefix: "/opt/env" };
  return { cache: join(root, "cache"), target };
}

function link(fixture: FixturePackage, { cache, target }: ReturnType<typeof place>) {
  const archive = writeUnpacked(cache, fixture);
  const python = pythonInfo({ ...archive.record, name: "python", version: "3.13.1" });
  const plan = planLink(archive, python);
  const paths = new Linker({ target, python }).link(plan, 0);
  return { archive, paths, record: prefixRecord(plan, paths, undefined) };
}

test("files are hard links into the cache, with its modes", () => {
  const at = place();
  const { archive } = link({ name: "x", files: { "bin/x": { content: "x", mode: 0o755 } } }, at);
  const linked = statSync(join(at.target.directory, "bin/x"));
  expect(linked.ino).toBe(statSync(join(archive.directory, "bin/x")).ino);
  expect(linked.mode & 0o777).toBe(0o755);
});

test("a cache on another file system is copied from, times included", () => {
  const at = place();
  const cache = mkdtempSync("/dev/shm/conda-");
  onTestFinished(() => rmSync(cache, { recursive: true }));
  const { archive } = link({ name: "x", files: { "lib/x.py": "x" } }, { ...at, cache });
  const copy = statSync(join(at.target.directory, "lib/x.py"));
  expect(Math.trunc(copy.mtimeMs / 1000)).toBe(
    Math.trunc(statSync(join(archive.directory, "lib/x.py")).mtimeMs / 1000),
  );
});

test("settings and files that must not be linked are copies", () => {
  const at = place();
  link({ name: "x", files: { "etc/x.json": "{}", "share/x": { content: "x", noLink: true } } }, at);
  for (const path of ["etc/x.json", "share/x"]) {
    expect(statSync(join(at.target.directory, path)).nlink).toBe(1);
  }
});

test("the prefix written in is the final one, and its checksum is recorded beside the old", () => {
  const at = place();
  const content = `root=${HOLE}\n`;
  const { paths, archive } = link(
    { name: "x", files: { "bin/x": { content, placeholder: HOLE, mode: 0o755 } } },
    at,
  );
  expect(readFileSync(join(at.target.directory, "bin/x"), "utf8")).toBe("root=/opt/env\n");
  expect(readFileSync(join(archive.directory, "bin/x"), "utf8")).toBe(content);
  expect(statSync(join(at.target.directory, "bin/x")).mode & 0o777).toBe(0o755);
  expect(paths[0]?.sha256_in_prefix).toMatch(/^[0-9a-f]{64}$/);
  expect(paths[0]?.sha256_in_prefix).not.toBe(paths[0]?.sha256);
});

test("links stay links, also those to folders, and folders may be empty", () => {
  const at = place();
  link(
    {
      name: "x",
      files: {
        "lib/a": "a",
        lib64: { link: "lib" },
        "lib64/b": "b",
        "var/empty": { directory: true },
      },
    },
    { ...at },
  );
  expect(readlinkSync(join(at.target.directory, "lib64"))).toBe("lib");
  expect(readFileSync(join(at.target.directory, "lib/b"), "utf8")).toBe("b");
  expect(lstatSync(join(at.target.directory, "var/empty")).isDirectory()).toBe(true);
});

test("a package cannot write through a link that leads out of the environment", () => {
  const at = place();
  const outside = temporaryDirectory();
  link({ name: "a", files: { "lib/out": { link: outside } } }, at);
  expect(() => link({ name: "b", files: { "lib/out/x": "x" } }, at)).toThrow(
    expect.objectContaining({ code: "CONDA_PATH_ESCAPES", message: expect.stringContaining("b") }),
  );
});

test("a file that cannot be placed is an error that names package and path", () => {
  const at = place();
  mkdirSync(join(at.target.directory, "share/x/y"), { recursive: true });
  expect(() => link({ name: "pkg", files: { "share/x": "x" } }, at)).toThrow(
    expect.objectContaining({
      code: "CONDA_LINK_FAILED",
      message: expect.stringMatching(/share\/x.*pkg/),
    }),
  );
});

test("a binary with less room than the prefix needs is refused by name", () => {
  const at = place();
  const far = { ...at, target: { ...at.target, prefix: `/${"x".repeat(300)}` } };
  const file = { content: `${HOLE}\0`, placeholder: HOLE, fileMode: "binary" as const };
  expect(() => link({ name: "pkg", files: { "lib/x.so": file } }, far)).toThrow(
    expect.objectContaining({ code: "CONDA_PREFIX_TOO_LONG" }),
  );
});

test("nothing is ever written through a file that stood there", () => {
  const at = place();
  const shared = join(at.cache, "..", "live.txt");
  writeFileSync(shared, "live");
  mkdirSync(join(at.target.directory, "etc"));
  symlinkSync(shared, join(at.target.directory, "etc/x"));
  link({ name: "x", files: { "etc/x": "new" } }, at);
  expect(readFileSync(shared, "utf8")).toBe("live");
});

test("unlinking leaves what others own and what nobody owns, and no empty folder", () => {
  const at = place();
  const { record } = link(
    { name: "x", files: { "lib/x/a.py": "", "lib/x/b.py": "", "share/both": "", "share/d/c": "" } },
    at,
  );
  const other = link({ name: "y", files: { "share/both": "" } }, at);
  mkdirSync(join(at.target.directory, "lib/x/__pycache__"));
  writeFileSync(join(at.target.directory, "lib/x/__pycache__/a.cpython-313.pyc"), "");
  writeFileSync(join(at.target.directory, "lib/mine"), "");
  unlinkPackages(at.target.directory, [record], [other.record]);
  const exists = (path: string) =>
    lstatSync(join(at.target.directory, path), { throwIfNoEntry: false }) !== undefined;
  expect(["lib/x", "share/d", "lib/mine", "share/both"].map(exists)).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

test("a damaged record takes nothing away outside the environment", () => {
  const at = place();
  const outside = join(at.cache, "..", "outside");
  writeFileSync(outside, "");
  const { record } = link({ name: "x", files: {} }, at);
  unlinkPackages(at.target.directory, [{ ...record, files: ["../outside"] }], []);
  expect(lstatSync(outside).isFile()).toBe(true);
});
