import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeTree } from "../../plugins/fixtures.ts";
import { noPins, type PluginPins } from "../../plugins/index.ts";
import { type PythonPlugin, readPythonPlugins } from "../../plugins/python/record.ts";
import { readDistributions } from "../distributions.ts";
import { type PythonRequest, pythonChanges } from "./changes.ts";
import { type Environment, packWheel, pythonEnvironment, pythonWithPip } from "./fixtures.ts";
import { changePythonPlugins } from "./install.ts";

/** pip itself is at work here. */
const limits = { timeout: 120_000 };

const pip = (spec: string): PythonRequest => ({ spec, kind: "pip" });
const stars = (version: string) => ({ name: "tljh-stars", version, requires: ["words"] });
const words = (version: string, text = "") => ({ name: "words", version, text });

const pinned = (plugins: readonly PythonPlugin[]): PluginPins => ({ plugins, npm: null });

const changes = ({ staged }: Environment, requests: PythonRequest[], pins: PluginPins = noPins) =>
  pythonChanges(staged.directory, { requests, pins });

/** Makes the environment hold these, and no others. */
async function make(box: Environment, requests: PythonRequest[], pins?: PluginPins): Promise<void> {
  await changePythonPlugins(box.staged, await changes(box, requests, pins), { emit: () => {} });
}

const recorded = ({ staged }: Environment) => readPythonPlugins(staged.directory);

const versions = async ({ staged }: Environment) =>
  [...(await readDistributions(staged.directory)).values()]
    .map(({ name, version }) => `${name} ${version}`)
    .sort();

/** An environment made when nothing was newer than 1.0, in a world that has 2.0 of everything. */
async function madeEarlier(): Promise<Environment & { readonly pins: PluginPins }> {
  const box = await pythonEnvironment();
  await box.publish(stars("1.0"), words("1.0"));
  await make(box, [pip("tljh-stars")]);
  const pins = pinned(await recorded(box));
  await box.publish(stars("1.0"), words("1.0"), stars("2.0"), words("2.0"));
  return { ...box, pins };
}

/** Empties the environment, as on another server. */
async function startAnew(box: Environment): Promise<void> {
  const { directory } = box.staged;
  const [python = ""] = await readdir(join(directory, "lib"));
  const site = join(directory, "lib", python, "site-packages");
  for (const folder of [site, join(directory, "etc")]) await rm(folder, { recursive: true });
  await mkdir(site);
}

describe.runIf(pythonWithPip)("plugins in Python", limits, () => {
  it("are installed, and recorded with what pip installed for each", async () => {
    await using box = await pythonEnvironment();
    await box.publish(stars("1.0"), words("1.0"), { name: "tljh-moons", version: "3.0" });
    await make(box, [pip("Tljh_Stars>=1"), pip("tljh-moons")]);
    const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(await recorded(box)).toEqual([
      {
        spec: "Tljh_Stars>=1",
        kind: "pip",
        package: "tljh-stars",
        version: "1.0",
        archives: [
          { name: "tljh-stars", version: "1.0", sha256 },
          { name: "words", version: "1.0", sha256 },
        ],
      },
      {
        spec: "tljh-moons",
        kind: "pip",
        package: "tljh-moons",
        version: "3.0",
        archives: [{ name: "tljh-moons", version: "3.0", sha256 }],
      },
    ]);
    expect(await changes(box, [pip("Tljh_Stars>=1"), pip("tljh-moons")])).toEqual({
      missing: [],
      unwanted: [],
      going: [],
    });
  });

  it("that somebody has uninstalled are installed again", async () => {
    await using box = await madeEarlier();
    const stars = (await readDistributions(box.staged.directory)).get("tljh-stars");
    await rm(stars?.place ?? "", { recursive: true });
    expect((await changes(box, [pip("tljh-stars")])).missing).toHaveLength(1);
  });

  it("with a pin are installed as they were, and so is what they need", async () => {
    await using box = await madeEarlier();
    await startAnew(box);
    await make(box, [pip("tljh-stars")], box.pins);
    expect(await versions(box)).toEqual(["tljh-stars 1.0", "words 1.0"]);
    expect(await recorded(box)).toEqual(box.pins.plugins);
    expect((await changes(box, [pip("tljh-stars")], box.pins)).missing).toEqual([]);
  });

  it("with a pin replace another version that is there", async () => {
    await using box = await madeEarlier();
    await startAnew(box);
    await make(box, [pip("tljh-stars")]);
    expect(await versions(box)).toEqual(["tljh-stars 2.0", "words 2.0"]);
    await make(box, [pip("tljh-stars")], box.pins);
    expect(await versions(box)).toEqual(["tljh-stars 1.0", "words 1.0"]);
  });

  it.each([
    ["the plugin", [{ ...stars("1.0"), text: "other" }, words("1.0")]],
    ["what it needs", [stars("1.0"), words("1.0", "other")]],
  ])("with a pin are refused if the index has another archive of %s", async (_, wheels) => {
    await using box = await madeEarlier();
    await startAnew(box);
    await box.publish(...wheels);
    await expect(make(box, [pip("tljh-stars")], box.pins)).rejects.toMatchObject({
      code: "PLUGIN_PIN_UNMET",
      message: expect.stringMatching(/exactly tljh-stars 1\.0 into .*hash/is),
    });
  });

  it("are moved by a pin without hashes", async () => {
    await using box = await madeEarlier();
    const [plugin] = await recorded(box);
    const pins = pinned([{ ...plugin, version: "2.0", archives: [] } as PythonPlugin]);
    await make(box, [pip("tljh-stars")], pins);
    expect(await versions(box)).toEqual(["tljh-stars 2.0", "words 1.0"]);
    expect(await recorded(box)).toMatchObject([
      { version: "2.0", archives: [{ version: "2.0" }, { name: "words", version: "1.0" }] },
    ]);
    expect((await changes(box, [pip("tljh-stars")], pins)).missing).toEqual([]);
  });

  it("are not moved by what is added beside them", async () => {
    await using box = await madeEarlier();
    await box.publish(stars("1.0"), stars("2.0"), words("1.0"), {
      name: "tljh-moons",
      version: "1.0",
      requires: ["tljh-stars>=2"],
    });
    await expect(make(box, [pip("tljh-stars"), pip("tljh-moons")])).rejects.toMatchObject({
      code: "INSTALL_PIP_FAILED",
      message: expect.stringContaining("tljh-moons"),
    });
    expect(await versions(box)).toEqual(["tljh-stars 1.0", "words 1.0"]);
  });

  it("that cannot be installed are told of one by one, where the others are to go on", async () => {
    await using box = await pythonEnvironment();
    await box.publish({ name: "tljh-moons", version: "1.0" });
    const failing: string[] = [];
    const onFailing = async (spec: string, error: unknown) =>
      void failing.push(`${spec} ${(error as { code: string }).code}`);
    const found = await changes(box, [pip("nowhere"), pip("tljh-moons")]);
    await changePythonPlugins(box.staged, found, { emit: () => {}, onFailing });
    expect(failing).toEqual(["nowhere INSTALL_PIP_FAILED"]);
    expect(await recorded(box)).toMatchObject([{ package: "tljh-moons" }]);
  });

  it("that cannot be installed are named, without their passwords", async () => {
    await using box = await pythonEnvironment();
    const spec = "nothing @ https://ada:hush@localhost:1/nothing.whl";
    const error = await make(box, [pip(spec)]).catch((cause: Error) => cause);
    expect(error).toMatchObject({ code: "INSTALL_PIP_FAILED" });
    expect(String(error)).toContain("https://localhost:1/nothing.whl");
    expect(String(error)).not.toContain("hush");
    expect(JSON.stringify(box.argv)).not.toContain("hush");
  });
});

describe.runIf(pythonWithPip)("a plugin in Python from elsewhere", limits, () => {
  it("is known by the archive it came from", async () => {
    await using box = await pythonEnvironment();
    const spec = await packWheel(join(box.folder, "my wheels"), { name: "tljh-a", version: "1.0" });
    await make(box, [pip(spec)]);
    const record = await recorded(box);
    expect(record).toMatchObject([
      { spec, package: "tljh-a", archives: [{ url: expect.stringContaining("my%20wheels") }] },
    ]);
    await startAnew(box);
    await make(box, [pip(spec)], pinned(record));
    expect(await recorded(box)).toEqual(record);
    await startAnew(box);
    await packWheel(join(box.folder, "my wheels"), { name: "tljh-a", version: "1.0", text: "x" });
    await expect(make(box, [pip(spec)], pinned(record))).rejects.toMatchObject({
      code: "PLUGIN_PIN_UNMET",
    });
  });

  it("is known though it was there before anybody asked for it", async () => {
    await using box = await pythonEnvironment();
    const spec = await packWheel(box.folder, { name: "tljh-a", version: "1.0" });
    await make(box, [pip(spec)]);
    await rm(join(box.staged.directory, "etc"), { recursive: true });
    await make(box, [pip(spec)]);
    expect(await recorded(box)).toMatchObject([{ package: "tljh-a", version: "1.0" }]);
  });

  it("is pinned by the commit of its repository", async () => {
    await using box = await pythonEnvironment();
    const folder = join(box.folder, "repository");
    const commit = async (text: string) => {
      await writeTree(folder, { ...project, "tljh_git.py": text });
      const git = (...args: string[]) =>
        execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], {
          cwd: folder,
        });
      if (!existsSync(join(folder, ".git"))) git("init", "--quiet", "--initial-branch=main");
      git("add", "--all");
      git("commit", "--quiet", "--message", "x");
      return git("rev-parse", "HEAD").toString().trim();
    };
    const first = await commit("first = 1");
    const spec = `git+file://${folder}@main`;
    await make(box, [pip(spec)]);
    const record = await recorded(box);
    expect(record).toMatchObject([
      { package: "tljh-git", archives: [{ url: `git+file://${folder}@${first}` }] },
    ]);
    await commit("second = 2");
    await startAnew(box);
    await make(box, [pip(spec)], pinned(record));
    expect(await recorded(box)).toEqual(record);
  });

  it("is copied from its folder, and again when that has changed, unless it is pinned", async () => {
    await using box = await pythonEnvironment();
    const folder = join(box.folder, "my plugin");
    const request: PythonRequest = { spec: folder, kind: "folder-python" };
    await writeTree(folder, { ...project, "tljh_git.py": "old" });
    await make(box, [request]);
    const record = await recorded(box);
    expect(record).toMatchObject([{ spec: folder, package: "tljh-git", version: "1.0" }]);
    expect((await changes(box, [request])).missing).toEqual([]);
    await writeTree(folder, { "tljh_git.py": "new" });
    expect((await changes(box, [request])).missing).toHaveLength(1);
    expect((await changes(box, [request], pinned(record))).missing).toEqual([]);
    await startAnew(box);
    await expect(make(box, [request], pinned(record))).rejects.toMatchObject({
      code: "PLUGIN_LOCK_MISMATCH",
    });
  });
});

/** A project that needs no package of an index to be built. */
const project = {
  "pyproject.toml": `[build-system]\nrequires = []\nbuild-backend = "build"\nbackend-path = ["."]\n`,
  "build.py": `import zipfile
def build_wheel(folder, settings=None, metadata=None):
    info = "tljh_git-1.0.dist-info"
    files = {
        "tljh_git.py": open("tljh_git.py").read(),
        f"{info}/METADATA": "Metadata-Version: 2.1\\nName: tljh-git\\nVersion: 1.0\\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\\n" for name in files) + f"{info}/RECORD,,\\n"
    name = "tljh_git-1.0-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return name
`,
} as const;

describe.runIf(pythonWithPip)("a plugin in Python that is asked for no longer", limits, () => {
  it("goes, with what pip installed for it alone", async () => {
    await using box = await madeEarlier();
    await make(box, []);
    expect(await versions(box)).toEqual([]);
    expect(await recorded(box)).toEqual([]);
  });

  it("leaves what another plugin needs", async () => {
    await using box = await pythonEnvironment();
    const moons = { name: "tljh-moons", version: "1.0", requires: ["words"] };
    await box.publish(stars("1.0"), words("1.0"), moons);
    await make(box, [pip("tljh-stars"), pip("tljh-moons")]);
    await make(box, [pip("tljh-moons")]);
    expect(await versions(box)).toEqual(["tljh-moons 1.0", "words 1.0"]);
  });

  it("leaves what a plugin has contributed to the hub's environment", async () => {
    await using box = await madeEarlier();
    await writeTree(box.staged.directory, { etc: { tljh: { "pip.json": `{"words>=1": ""}` } } });
    await make(box, []);
    expect(await versions(box)).toEqual(["words 1.0"]);
  });

  it("stays as a package if another spec asks for the same", async () => {
    await using box = await madeEarlier();
    await make(box, [pip("tljh-stars==2.0")]);
    expect(await versions(box)).toEqual(["tljh-stars 2.0", "words 1.0"]);
    expect(await recorded(box)).toMatchObject([{ spec: "tljh-stars==2.0", version: "2.0" }]);
  });
});
