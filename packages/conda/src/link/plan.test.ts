import { normalize } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { LinkJson, PackageArchive, PathsEntry, RepodataRecord } from "../types.ts";
import { entryPointScript, parseEntryPoint } from "./entry-points.ts";
import { planLink } from "./plan.ts";
import { pythonInfo } from "./python.ts";

const record = (more: Partial<RepodataRecord> = {}): RepodataRecord => ({
  name: "lib",
  version: "1.0",
  build: "0",
  build_number: 0,
  subdir: "noarch",
  depends: [],
  fn: "lib-1.0-0.conda",
  url: "file:///c/noarch/lib-1.0-0.conda",
  channel: "file:///c/noarch",
  ...more,
});

function archive(paths: readonly string[], more: Partial<RepodataRecord> = {}, link?: LinkJson) {
  const entries = paths.map((_path): PathsEntry => ({ _path, path_type: "hardlink" }));
  const made: PackageArchive = {
    record: record(more),
    directory: "/cache/lib-1.0-0",
    tarball: "/cache/lib-1.0-0.conda",
    paths: { paths_version: 1, paths: entries },
    ...(link && { link }),
  };
  return made;
}

const PYTHON = pythonInfo(record({ name: "python", version: "3.13.5" }));

test("files of a noarch Python package go where this Python looks for them", () => {
  const paths = ["site-packages/lib/a.py", "python-scripts/run", "share/x"];
  const plan = planLink(archive(paths, { noarch: "python" }), PYTHON);
  expect(plan.files.map((file) => file.target)).toEqual([
    "lib/python3.13/site-packages/lib/a.py",
    "bin/run",
    "share/x",
  ]);
  expect(plan.compiled.map((file) => file.target)).toEqual([
    "lib/python3.13/site-packages/lib/__pycache__/a.cpython-313.pyc",
  ]);
});

test("an interpreter may say where its site-packages are", () => {
  const free = record({
    name: "python",
    version: "3.14.0",
    python_site_packages_path: "lib/python3.14t/site-packages",
  });
  const plan = planLink(archive(["site-packages/a.py"], { noarch: "python" }), pythonInfo(free));
  expect(plan.files[0]?.target).toBe("lib/python3.14t/site-packages/a.py");
});

test("other packages are linked as they are, and not compiled", () => {
  const plan = planLink(archive(["site-packages/a.py"]), PYTHON);
  expect(plan.files[0]?.target).toBe("site-packages/a.py");
  expect(plan.compiled).toEqual([]);
});

test("a Python package without Python is refused by name", () => {
  expect(() => planLink(archive([], { noarch: "python" }), undefined)).toThrow(
    expect.objectContaining({ code: "CONDA_PYTHON_MISSING" }),
  );
});

test("a path that leads out of the environment, or into its records, is refused", () => {
  for (const path of ["../x", "/etc/passwd", "a//b", "a/../../b", "conda-meta/history", "a\0b"]) {
    expect(() => planLink(archive([path]), PYTHON)).toThrow(
      expect.objectContaining({ code: "CONDA_PATH_ESCAPES" }),
    );
  }
});

test("no path whatever gets out", () => {
  const part = fc.oneof(fc.constantFrom("..", ".", "", "site-packages"), fc.string());
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const plan = (() => {
        try {
          return planLink(archive([parts.join("/")], { noarch: "python" }), PYTHON);
        } catch {
          return undefined;
        }
      })();
      for (const { target } of plan?.files ?? []) {
        expect(normalize(`/prefix/${target}`).startsWith("/prefix/")).toBe(true);
      }
    }),
  );
});

test("an entry point becomes the script that conda writes", () => {
  const point = parseEntryPoint("jupyter-lab = jupyterlab.labapp:LabApp.main");
  expect(point && entryPointScript(point, "/p/bin/python3.13")).toBe(`#!/p/bin/python3.13
# -*- coding: utf-8 -*-
import re
import sys

from jupyterlab.labapp import LabApp

if __name__ == '__main__':
    sys.argv[0] = re.sub(r'(-script\\.pyw?|\\.exe)?$', '', sys.argv[0])
    sys.exit(LabApp.main())
`);
});

test("an entry point that cannot be read, or names a path, is refused with its text", () => {
  for (const text of ["nonsense", "../../evil = a:b", "a = b:c; import os"]) {
    const link: LinkJson = {
      package_metadata_version: 1,
      noarch: { type: "python", entry_points: [text] },
    };
    expect(() => planLink(archive([], { noarch: "python" }, link), PYTHON)).toThrow(text);
  }
});
