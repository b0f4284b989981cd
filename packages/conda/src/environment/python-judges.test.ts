import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/support/environment.ts";
import type { FixturePackage } from "../../test/support/package.ts";
import { PYTHON } from "../../test/support/source.ts";
import { treeDigest } from "../../test/support/tree.ts";
import { writeZip } from "../../test/support/zip.ts";

const SITE = "lib/python3.11/site-packages";

/** Debian's Python, for which the environment is its own. */
const VENV: FixturePackage = {
  ...PYTHON,
  files: { ...PYTHON.files, "pyvenv.cfg": "home = /usr/bin\n" },
};

const DEMO: FixturePackage = {
  name: "demo",
  noarch: "python",
  depends: ["python"],
  entryPoints: ["demo = demo:main"],
  files: {
    "site-packages/demo/__init__.py": "def main():\n    print('one')\n",
    "site-packages/demo/part-two.module.py": "x = 1\n",
    "site-packages/demo/deep/er.py":
      "import re\nPATTERN = re.compile('ä')\n\n\nclass A:\n    b = {1, 2}\n",
    "site-packages/demo/broken.py": "def (",
    "site-packages/demo-1.0.dist-info/METADATA":
      "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n",
    "site-packages/demo-1.0.dist-info/INSTALLER": "conda",
    "site-packages/demo-1.0.dist-info/entry_points.txt": "[console_scripts]\ndemo = demo:main\n",
    "site-packages/demo-1.0.dist-info/RECORD": [
      "demo/__init__.py,,",
      "demo/part-two.module.py,,",
      "demo/deep/er.py,,",
      "demo/broken.py,,",
      ...["METADATA", "INSTALLER", "entry_points.txt", "RECORD"].map(
        (name) => `demo-1.0.dist-info/${name},,`,
      ),
    ].join("\n"),
  },
};

async function demoEnvironment() {
  const env = testEnvironment();
  await env.change([VENV, DEMO], ["python", "demo"]);
  const python = (args: readonly string[]) =>
    execFileSync(join(env.prefix, "bin/python"), args, { encoding: "utf8" });
  return { ...env, python, at: (path: string) => join(env.prefix, path) };
}

const byteCode = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".pyc"))
    .sort();

test("byte code has the names and the bytes that Python's compileall gives it", async () => {
  const { prefix, root, python } = await demoEnvironment();
  const other = join(root, "other");
  cpSync(join(prefix, "lib"), join(other, "lib"), {
    recursive: true,
    preserveTimestamps: true,
    filter: (path) => !path.includes("__pycache__"),
  });
  const compile =
    "import compileall, sys; compileall.compile_dir(sys.argv[1], quiet=2, stripdir=sys.argv[1])";
  python(["-c", compile, other]);
  const names = byteCode(prefix);
  expect(names).toHaveLength(3);
  expect(names).toEqual(byteCode(other));
  for (const name of names) {
    expect(readFileSync(join(prefix, name)).equals(readFileSync(join(other, name)))).toBe(true);
  }
});

test("Python's importlib looks for byte code where it is, and takes it in place of the source", async () => {
  const { at, python } = await demoEnvironment();
  const source = at(`${SITE}/demo/deep/er.py`);
  const cached = python(["-c", "import demo.deep.er as er; print(er.__cached__)"]).trim();
  expect(cached).toBe(at(`${SITE}/demo/deep/__pycache__/er.cpython-311.pyc`));
  const { atime, mtime, size } = statSync(source);
  writeFileSync(source, "#".repeat(size));
  utimesSync(source, atime, mtime);
  expect(python(["-c", "import demo.deep.er as er; print(er.A.b)"])).toBe("{1, 2}\n");
});

/** pip as Debian has it, to be run by any Python. */
function pipWheel(): string {
  const folder = "/usr/share/python-wheels";
  const wheel = readdirSync(folder).find((name) => name.startsWith("pip-"));
  return join(folder, wheel ?? "no-pip");
}

/** In one process, because pip takes its time to start: upgrade, try, say what there is, remove. */
const PIP = `
import os, subprocess, sys
_, wheel, demo, script, site = sys.argv
sys.path.insert(0, wheel)
from pip._internal.cli.main import main
assert main(["install", "--quiet", "--no-index", "--no-deps", "--disable-pip-version-check", demo]) == 0
print(subprocess.check_output([script], text=True).strip(), *sorted(os.listdir(site)))
assert main(["uninstall", "--quiet", "--yes", "demo"]) == 0
`;

function demoWheel(folder: string): string {
  const info = "demo-2.0.dist-info";
  const files = {
    "demo/__init__.py": "def main():\n    print('two')\n",
    [`${info}/METADATA`]: "Metadata-Version: 2.1\nName: demo\nVersion: 2.0\n",
    [`${info}/WHEEL`]:
      "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    [`${info}/entry_points.txt`]: "[console_scripts]\ndemo = demo:main\n",
  };
  const record = [...Object.keys(files), `${info}/RECORD`].map((path) => `${path},,\n`).join("");
  const members = Object.entries({ ...files, [`${info}/RECORD`]: record });
  const wheel = join(folder, "demo-2.0-py3-none-any.whl");
  writeFileSync(
    wheel,
    writeZip(members.map(([name, text]) => ({ name, content: Buffer.from(text) }))),
  );
  return wheel;
}

test("a real pip upgrades what we linked and removes it, and the package cache stays as it is", {
  timeout: 60_000,
}, async () => {
  const { root, at, python } = await demoEnvironment();
  const cached = join(root, "cache-1/demo-1.0-0");
  const before = treeDigest(cached);
  const said = python(["-c", PIP, pipWheel(), demoWheel(root), at("bin/demo"), at(SITE)]);
  expect(said).toBe("two demo demo-2.0.dist-info\n");
  expect(readdirSync(at(SITE))).toEqual([]);
  expect(existsSync(at("bin/demo"))).toBe(false);
  expect(treeDigest(cached)).toBe(before);
});
