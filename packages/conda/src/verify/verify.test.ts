import { hash } from "node:crypto";
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/support/environment.ts";
import type { FixturePackage } from "../../test/support/package.ts";
import { PYTHON } from "../../test/support/source.ts";
import { readPrefixRecords } from "../prefix/records.ts";
import { verifyPrefix } from "./verify.ts";

const FILES = {
  "bin/tool": { content: "#!/PLACE/bin/sh\n", placeholder: "/PLACE", mode: 0o755 },
  "lib/a.txt": "a",
  "lib/b.txt": "b",
  "lib/link": { link: "a.txt" },
  "share/empty": { directory: true },
  "etc/tool.conf": "default",
} as const;

const TOOL: FixturePackage = { name: "tool", files: FILES };
const LIBRARY: FixturePackage = {
  name: "library",
  noarch: "python",
  depends: ["python"],
  entryPoints: ["library = library:main"],
  files: {
    "site-packages/library.py": "answer = 42\n",
    "site-packages/library-1.0.dist-info/METADATA": "",
  },
};
const packages = "lib/python3.11/site-packages";

async function environment() {
  const env = testEnvironment();
  await env.change([PYTHON, TOOL, LIBRARY], ["tool", "library"]);
  const verify = () => verifyPrefix(env.prefix);
  const at = (path: string) => join(env.prefix, path);
  return { ...env, verify, at };
}

/** As an editor does that replaces a file, so that the package cache is not written to. */
function rewrite(path: string, content: string): void {
  rmSync(path, { force: true });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function replaceByLink(path: string): void {
  unlinkSync(path);
  symlinkSync("a.txt", path);
}

const nothing = { damaged: [], edited: [], extra: [], replaced: [] };

test("an environment that nobody touched is as its packages say", async () => {
  const env = await environment();
  const found = await env.verify();
  expect(found).toMatchObject(nothing);
  expect(found.checked).toBe(
    readPrefixRecords(env.prefix).flatMap(({ paths_data }) => paths_data.paths).length,
  );
});

test.each<[string, string, (path: string) => void, "missing" | "changed"]>([
  ["a file that is gone", "lib/a.txt", unlinkSync, "missing"],
  ["another content of the same size", "lib/a.txt", (path) => rewrite(path, "x"), "changed"],
  [
    "a file in which the prefix stands",
    "bin/tool",
    (path) => rewrite(path, "#!/bin/sh\n"),
    "changed",
  ],
  ["a link in a file's place", "lib/b.txt", replaceByLink, "changed"],
  ["a file in a link's place", "lib/link", (path) => rewrite(path, "a"), "changed"],
  [
    "a script of an entry point",
    "bin/library",
    (path) => appendFileSync(path, "import os\n"),
    "changed",
  ],
  [
    "byte code of another source",
    `${packages}/__pycache__/library.cpython-311.pyc`,
    (path) => rewrite(path, "old byte code"),
    "changed",
  ],
])("%s is found", async (_, path, damage, state) => {
  const env = await environment();
  damage(env.at(path));
  const { damaged } = await env.verify();
  expect(damaged).toEqual([
    { path, state, manager: "conda", packages: [path.includes("library") ? "library" : "tool"] },
  ]);
});

test("byte code that is older than its source is found with it", async () => {
  const env = await environment();
  rewrite(env.at(`${packages}/library.py`), "answer = 43, or more\n");
  expect((await env.verify()).damaged.map(({ path }) => path)).toEqual([
    `${packages}/library.py`,
    `${packages}/__pycache__/library.cpython-311.pyc`,
  ]);
});

test("settings that were edited are no damage, but those that are gone are", async () => {
  const env = await environment();
  rewrite(env.at("etc/tool.conf"), "mine");
  expect(await env.verify()).toMatchObject({ ...nothing, edited: ["etc/tool.conf"] });
  unlinkSync(env.at("etc/tool.conf"));
  expect((await env.verify()).damaged).toMatchObject([{ path: "etc/tool.conf", state: "missing" }]);
});

test("files of no package are told, without byte code and what conda itself keeps", async () => {
  const env = await environment();
  rewrite(env.at("share/mine/x"), "");
  rewrite(env.at(`${packages}/__pycache__/mine.cpython-311.pyc`), "");
  rewrite(env.at("pkgs/cache"), "");
  rewrite(env.at("conda-meta/pinned"), "");
  expect(await env.verify()).toMatchObject({ ...nothing, extra: ["share/mine/x"] });
});

test("pip's files are held against pip's own list", async () => {
  const env = await environment();
  const digest = hash("sha256", "answer = 1\n", "base64url");
  rewrite(env.at(`${packages}/mine.py`), "answer = 1\n");
  rewrite(
    env.at(`${packages}/mine-1.0.dist-info/RECORD`),
    `mine.py,sha256=${digest},11\n../../../bin/mine,,\n__pycache__/mine.cpython-311.pyc,,\nmine-1.0.dist-info/RECORD,,\n"/etc/passwd",,\n../../../../../x,,\n`,
  );
  rewrite(env.at("bin/mine"), "");
  expect(await env.verify()).toMatchObject(nothing);
  rewrite(env.at(`${packages}/mine.py`), "answer = 2\n");
  const damaged = [
    { path: `${packages}/mine.py`, state: "changed", manager: "pip", packages: ["mine"] },
  ];
  expect(await env.verify()).toMatchObject({ ...nothing, damaged });
});

test("a package of conda that pip has put another version of in place is told as such", async () => {
  const env = await environment();
  rmSync(env.at(`${packages}/library-1.0.dist-info`), { recursive: true });
  rewrite(env.at(`${packages}/library.py`), "answer = 44\n");
  rewrite(
    env.at(`${packages}/library-2.0.dist-info/RECORD`),
    "library.py,,\nlibrary-2.0.dist-info/RECORD,,\n",
  );
  expect(await env.verify()).toMatchObject({ ...nothing, replaced: ["library"] });
});

test("whichever files are damaged or gone are found, and no others", async () => {
  const env = await environment();
  const kinds = fc.constantFrom("keep", "change", "remove");
  const paths = ["lib/a.txt", "lib/b.txt", "bin/tool"];
  const originals = new Map(paths.map((path) => [path, readFileSync(env.at(path))]));
  await fc.assert(
    fc.asyncProperty(fc.array(kinds, { minLength: 3, maxLength: 3 }), async (choices) => {
      for (const [place, path] of paths.entries()) {
        rewrite(env.at(path), choices[place] === "change" ? "other" : String(originals.get(path)));
        if (choices[place] === "remove") unlinkSync(env.at(path));
      }
      const expected = paths.filter((_, place) => choices[place] !== "keep");
      const { damaged } = await env.verify();
      expect(damaged.map(({ path }) => path).sort()).toEqual(expected.sort());
    }),
    { numRuns: 30 },
  );
});
