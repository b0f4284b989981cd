import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { readDistributions, requirementName } from "./distributions.ts";

async function environment(files: Readonly<Record<string, string>>): Promise<string> {
  const prefix = await mkdtemp(join(tmpdir(), "tljh-distributions-"));
  for (const [name, text] of Object.entries(files)) {
    const path = join(prefix, "lib/python3.13/site-packages", name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return prefix;
}

it("reads what is installed in each of the forms there are", async () => {
  const prefix = await environment({
    "Flask_Login-1.0.dist-info/METADATA": `Metadata-Version: 2.1
Name: Flask_Login
Version: 1.0
Requires-Dist: Flask>=2
Requires-Dist: pytest; extra == "dev"

Name: not this
`,
    "Flask_Login-1.0.dist-info/INSTALLER": "pip\n",
    "old-2.egg-info/PKG-INFO": "Name: old\nVersion: 2\n",
    "old-2.egg-info/requires.txt": "six\n\n[dev]\nnose>=1\n",
    "older-3.egg-info": "Name: older\nVersion: 3\n",
    "broken-1.dist-info/RECORD": "",
    "module.py": "",
  });
  expect([...(await readDistributions(prefix))]).toMatchObject([
    [
      "flask-login",
      { name: "Flask_Login", version: "1.0", installer: "pip", requires: ["flask", "pytest"] },
    ],
    ["old", { name: "old", version: "2", installer: null, requires: ["six", "nose"] }],
    ["older", { name: "older", version: "3", installer: null, requires: [] }],
  ]);
});

it.each([
  [`colorama; sys_platform == "win32"`, []],
  [`colorama ; python_version >= '3.8' and platform_system == 'Windows'`, []],
  [`pywin32; os_name == "nt" and extra == "all"`, []],
  [`colorama; sys_platform == "win32" or extra == "colour"`, ["colorama"]],
  [`uvloop; sys_platform == "linux"`, ["uvloop"]],
  [`uvloop; sys_platform != "win32"`, ["uvloop"]],
])("counts %j as a requirement only if Linux may be meant", async (requirement, requires) => {
  const METADATA = `Name: x\nVersion: 1\nRequires-Dist: ${requirement}\n`;
  const prefix = await environment({ "x-1.dist-info/METADATA": METADATA });
  expect((await readDistributions(prefix)).get("x")?.requires).toEqual(requires);
});

it("leaves out what an egg requires on other platforms", async () => {
  const prefix = await environment({
    "x-1.egg-info/PKG-INFO": "Name: x\nVersion: 1\n",
    "x-1.egg-info/requires.txt": `six\n\n[:sys_platform == "win32"]\ncolorama\n\n[all]\nnose\n`,
  });
  expect((await readDistributions(prefix)).get("x")?.requires).toEqual(["six", "nose"]);
});

it("knows the plugins in a distribution, and where its metadata is", async () => {
  const prefix = await environment({
    "x-1.dist-info/METADATA": "Name: x\nVersion: 1\n",
    "x-1.dist-info/entry_points.txt":
      "[console_scripts]\nrun = a:b\n\n[tljh]\n# none = x\nstars = x\nmoons=x.moons\n\n[other]\ny = z\n",
    "y-1.dist-info/METADATA": "Name: y\nVersion: 1\n",
  });
  const found = await readDistributions(prefix);
  expect(found.get("x")).toMatchObject({
    plugins: ["stars", "moons"],
    place: join(prefix, "lib/python3.13/site-packages/x-1.dist-info"),
  });
  expect(found.get("y")?.plugins).toEqual([]);
});

it("finds nothing where there is no environment", async () => {
  expect((await readDistributions("/does/not/exist")).size).toBe(0);
});

it.each([
  ["Flask_Login", "flask-login"],
  ["flask[async]>=2", "flask"],
  ["zope.interface (>=4)", "zope-interface"],
  ["x @ git+https://example.org/x", "x"],
  ["x; python_version > '3'", "x"],
  ["--extra-index-url=https://example.org", undefined],
  ["/root/plugin", undefined],
  ["git+https://example.org/x", undefined],
  ["./x-1.0.whl", undefined],
])("of the requirement %j the name is %j", (requirement, name) => {
  expect(requirementName(requirement)).toBe(name);
});
