import { expect, test } from "vitest";
import type { PackageFile } from "../channel/model.ts";
import {
  addRecords,
  distributions,
  modernise,
  parseEntryPoints,
  requiresToMetadata,
} from "./dist-info.ts";
import { SITE_PACKAGES } from "./layout.ts";

const file = (path: string, text: string): PackageFile => ({
  path: `${SITE_PACKAGES}/${path}`,
  mode: 0o644,
  data: Buffer.from(text),
});
const egg = [
  file("demo.py", "x = 1\n"),
  file("demo-1.0.egg-info/PKG-INFO", "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n\nText\n"),
  file("demo-1.0.egg-info/requires.txt", "six>=1\n\n[test:python_version < '4']\npytest\n"),
  file("demo-1.0.egg-info/entry_points.txt", "[console_scripts]\ndemo = demo:main [fast]\n"),
];

test("An egg's requirements become metadata with extras and markers", () => {
  expect(requiresToMetadata("six>=1\n\n[test:python_version < '4']\npytest\n")).toEqual([
    "Requires-Dist: six>=1",
    "Provides-Extra: test",
    "Requires-Dist: pytest ; (python_version < '4') and extra == \"test\"",
  ]);
});

test("An egg-info folder becomes a dist-info folder that pip can uninstall", () => {
  const files = addRecords(modernise(egg), ["demo"]);
  const text = (path: string) =>
    files
      .find((one) => one.path === `${SITE_PACKAGES}/demo-1.0.dist-info/${path}`)
      ?.data.toString();
  expect(files.some((one) => one.path.includes("egg-info"))).toBe(false);
  expect(text("METADATA")).toContain("Version: 1.0\nRequires-Dist: six>=1\n");
  expect(text("INSTALLER")).toBe("conda\n");
  expect(text("RECORD")).toMatch(/^demo\.py,sha256=[\w-]{43},6$/m);
  expect(text("RECORD")).toMatch(/^\.\.\/\.\.\/\.\.\/bin\/demo,,$/m);
  expect(text("RECORD")).toMatch(/^demo-1\.0\.dist-info\/RECORD,,$/m);
});

test("A distribution is known by its metadata, with the entry points it makes scripts of", () => {
  expect(distributions(modernise(egg))).toEqual([
    { name: "demo", version: "1.0", entryPoints: ["demo = demo:main"] },
  ]);
});

test("Entry points of other groups make no scripts", () => {
  expect(parseEntryPoints("[tljh]\nsimple = tljh_simple\n[gui_scripts]\na=b:c.d\n")).toEqual([
    "a = b:c.d",
  ]);
});
