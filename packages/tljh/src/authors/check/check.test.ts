import { execFileSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { classify } from "../../plugins/classify.ts";
import { folderContent } from "../../plugins/copy-folder.ts";
import {
  pluginFolder,
  type Sandbox,
  sandbox,
  type Tree,
  testPython,
  writeHub,
  writeTree,
} from "../../plugins/fixtures.ts";
import { installNpmPlugins } from "../../plugins/install.ts";
import { type Language, pluginFiles, pluginNames } from "../scaffold/index.ts";
import { checkPlugin } from "./check.ts";

afterEach(() => void vi.unstubAllEnvs());

/** What is found of `plugin` in the sandbox. */
async function check(box: Sandbox, spec = join(box.folder, "plugin")) {
  const printed: string[] = [];
  const onLine = (line: string) => void printed.push(line);
  const report = await checkPlugin(await classify(spec), {
    paths: box.paths,
    server: null,
    onLine,
  });
  const [plugin] = report.plugins;
  const outcomes = Object.fromEntries(plugin?.hooks.map((one) => [one.hook, one.outcome]) ?? []);
  return { ...report, plugin, outcomes, printed };
}

/** A plugin in TypeScript, of which `lines` is the file below the import. */
const typescript = (lines: string): Tree =>
  pluginFolder("stars", `import { hookimpl, settings } from "tljh/hooks";\n${lines}`);

const scaffold = (language: Language): Tree => ({
  ...pluginFiles(pluginNames("stars", language), language, { year: 2026, sdk: "/x" }),
});

const staged = async () =>
  (await readdir(tmpdir())).filter((name) => name.startsWith("tljh-check-"));

const contributed = {
  tljh_extra_user_conda_packages: { kind: "list", entries: ["tqdm"] },
  tljh_config_post_install: {
    kind: "config",
    changes: [{ path: "user_environment", after: { default_app: "jupyterlab" } }],
  },
  tljh_custom_jupyterhub_config: {
    kind: "jupyterhub",
    changes: [{ trait: "Spawner.environment", value: { COURSE: "stars" } }],
  },
  tljh_new_user_create: { kind: "not called" },
  tljh_health_checks: {
    kind: "findings",
    findings: [{ name: "stars", status: "ok", message: "tljh-stars is loaded" }],
  },
};

describe("a plugin that is as it should be", () => {
  it("is told with what each hook would contribute, and how long it took", async () => {
    await using box = await sandbox({ plugin: scaffold("typescript") });
    const { plugin, outcomes, problems } = await check(box);
    expect(problems).toEqual([]);
    expect(outcomes).toEqual(contributed);
    expect(plugin).toMatchObject({ name: "stars", version: "0.1.0", language: "typescript" });
    for (const { milliseconds, outcome } of plugin?.hooks ?? [])
      expect(milliseconds === null).toBe(outcome.kind === "not called");
  });

  it("leaves everything as it was, the server's plugins too", async () => {
    const other = typescript(`export const tljh_extra_apt_packages = hookimpl(() => ["sl"]);`);
    await using box = await sandbox({
      plugin: scaffold("typescript"),
      other: { ...other, "package.json": String(other["package.json"]).replaceAll("stars", "sl") },
    });
    await installNpmPlugins([await classify(join(box.folder, "other"))], box.paths);
    const [before, left] = [await folderContent(box.folder), await staged()];
    const { plugins, problems } = await check(box);
    expect([plugins.map(({ name }) => name), problems]).toEqual([["stars"], []]);
    expect(await folderContent(box.folder)).toBe(before);
    expect(await staged()).toEqual(left);
  });

  it("is asked with what config.yaml holds, and its settings from there", async () => {
    const file = `const { schema, hookimpl: hook } = settings("stars", {
      app: { type: "string", default: "lab", description: "The application." } });
    export const tljh_settings_schema = schema;
    export const tljh_extra_apt_packages = hook(({ settings }) => [settings.app]);
    export const tljh_config_post_install = hookimpl(({ config }) => {
      config.limits.memory = "2G";
      delete config.users;
    });`;
    const yaml = "limits: {memory: 1G}\nusers: {admin: [ada]}\nstars: {app: sl}\n";
    await using box = await sandbox({
      plugin: typescript(file),
      prefix: { config: { "config.yaml": yaml } },
    });
    const { outcomes, problems } = await check(box);
    expect(problems).toEqual([]);
    expect(outcomes).toMatchObject({
      tljh_settings_schema: { kind: "settings", declaration: { section: "stars" } },
      tljh_extra_apt_packages: { entries: ["sl"] },
      tljh_config_post_install: {
        changes: [
          { path: "users", before: { admin: ["ada"] } },
          { path: "limits.memory", before: "1G", after: "2G" },
        ],
      },
    });
  });

  it("may be a package of npm", async () => {
    await using box = await sandbox({
      work: {
        package: {
          "package.json": `{"name": "tljh-a", "version": "1.2.0", "type": "module", "tljh": {"plugins": {"a": "./a.js"}}}`,
          "a.js": `import { hookimpl } from "tljh/hooks";
            export const tljh_extra_apt_packages = hookimpl(() => { throw new Error("no"); });`,
        },
      },
    });
    const file = join(box.folder, "a.tgz");
    execFileSync("tar", ["-czf", file, "-C", join(box.folder, "work"), "package"]);
    const { plugin, problems } = await check(box, `npm:${file}`);
    expect(plugin).toMatchObject({ name: "a", version: "1.2.0" });
    expect(problems).toMatchObject([
      { plugin: "a", hook: "tljh_extra_apt_packages", place: { file: "a.js", line: 2 } },
    ]);
  });
});

describe("what is wrong with a plugin in TypeScript", () => {
  /** Each is a plugin of its own: what is wrong with it, in which line, and the file from its second line on. */
  const faults: Readonly<Record<string, readonly [code: string, line: number, file: string]>> = {
    throws: [
      "PLUGGY_HOOK_FAILED",
      3,
      `const fail = () => {\n  throw new Error("no");\n};\nexport const tljh_extra_apt_packages = hookimpl(fail);`,
    ],
    string: [
      "PLUGIN_RESULT_NOT_A_LIST",
      3,
      `\nexport const tljh_extra_apt_packages = hookimpl(() => "sl" as never);`,
    ],
    syntax: [
      "PLUGIN_IMPORT_FAILED",
      3,
      `\nexport const tljh_extra_apt_packages = hookimpl(() => ["sl");`,
    ],
    enum: ["PLUGIN_IMPORT_FAILED", 3, `\nenum Stars { Sun }`],
    import: ["PLUGIN_IMPORT_FAILED", 3, `\nimport { sun } from "./sun.ts";`],
    load: ["PLUGIN_IMPORT_FAILED", 4, `\n\nnull.sun;`],
    unknown: [
      "PLUGGY_HOOK_UNKNOWN",
      2,
      `export const tljh_extra_snap_packages = hookimpl(() => ["x"]);`,
    ],
    config: [
      "PLUGIN_CONFIG_UNUSABLE",
      2,
      `export const tljh_config_post_install = hookimpl(({ config }) => {\n  config.limits = { memory: "banana" };\n});`,
    ],
    health: [
      "PLUGIN_HEALTH_INVALID",
      2,
      `export const tljh_health_checks = hookimpl(() => [{ name: "x" }] as never);`,
    ],
    jupyterhub: [
      "PLUGGY_HOOK_FAILED",
      3,
      `export const tljh_custom_jupyterhub_config = hookimpl(({ c }) => {\n  c.JupyterHub.spawner_class = class {};\n});`,
    ],
    killed: [
      "PLUGIN_ENDED_HOST",
      2,
      `export const tljh_extra_apt_packages = hookimpl(() => {\n  process.kill(process.pid, "SIGKILL");\n});`,
    ],
  };

  it("is told with file and line, plugin by plugin", async () => {
    const names = Object.keys(faults);
    const files = Object.entries(faults).map(([name, [, , lines]]) => [
      `${name}.ts`,
      `import { hookimpl } from "tljh/hooks";\n${lines}`,
    ]);
    const plugins = Object.fromEntries(names.map((name) => [name, `./${name}.ts`]));
    const manifest = { name: "faulty", type: "module", tljh: { plugins } };
    const plugin = { ...Object.fromEntries(files), "package.json": JSON.stringify(manifest) };
    await using box = await sandbox({ plugin });
    const { problems } = await check(box);
    const found = problems.map(({ plugin: name, code, place }) => [name, code, place]);
    const expected = Object.entries(faults).map(([name, [code, line]]) => [
      name,
      code,
      { file: join(box.folder, "plugin", `${name}.ts`), line },
    ]);
    expect(found.toSorted()).toEqual(expected.toSorted());
    for (const { message } of problems) expect(message).not.toContain("tljh-check-");
  }, 60_000);

  it("is told in full, and does not keep other hooks from being asked", async () => {
    const lines = `export const tljh_extra_apt_packages = hookimpl(() => ["-y", "A B"]);
      export const tljh_extra_user_conda_packages = hookimpl(() => ["xarray"]);
      export const tljh_extra_user_pip_packages = hookimpl(() => { throw new Error("no"); });
      console.log("hello");`;
    await using box = await sandbox({ plugin: typescript(lines) });
    const { problems, outcomes, printed } = await check(box);
    expect(problems.map(({ code }) => code)).toEqual([
      "PLUGIN_RESULT_ENTRY_INVALID",
      "PLUGIN_RESULT_ENTRY_INVALID",
      "PLUGGY_HOOK_FAILED",
    ]);
    expect(outcomes).toMatchObject({
      tljh_extra_apt_packages: { kind: "failed" },
      tljh_extra_user_conda_packages: { entries: ["xarray"] },
    });
    expect(printed).toContain("hello");
  });

  it("names every hook that is wrong in itself", async () => {
    const lines = `export const tljh_extra_snap_packages = hookimpl(() => []);
      export const tljh_post_install = hookimpl(({ config }) => {});`;
    await using box = await sandbox({ plugin: typescript(lines) });
    const { problems } = await check(box);
    expect(problems).toMatchObject([{ code: "PLUGIN_FAULTY" }]);
    for (const name of ["tljh_extra_snap_packages", "tljh_post_install"])
      expect(problems[0]?.message).toContain(name);
  });

  it("may be that there is nothing to be loaded", async () => {
    await using box = await sandbox({ plugin: { "package.json": `{"tljh": {}}` } });
    await expect(check(box)).rejects.toMatchObject({ code: "PLUGIN_MANIFEST_INVALID" });
  });
});

describe.runIf(testPython)("a plugin in Python", () => {
  /** The machine's own modules are in the environment that pip makes, and nothing is downloaded. */
  async function withHub(box: Sandbox) {
    const modules = join(import.meta.dirname, "../../../../../python/tljh/src");
    vi.stubEnv("PYTHONPATH", modules);
    vi.stubEnv("PIP_NO_BUILD_ISOLATION", "0");
    vi.stubEnv("PIP_NO_INDEX", "1");
    await writeHub(box.paths.hub, {});
  }

  it("is told as one in TypeScript is, and its folder is left as it was", async () => {
    await using box = await sandbox({ plugin: scaffold("python") });
    await withHub(box);
    const before = await folderContent(join(box.folder, "plugin"));
    const { plugin, outcomes, problems } = await check(box);
    expect(problems).toEqual([]);
    expect(plugin).toMatchObject({ name: "stars", version: "0.1.0", language: "python" });
    expect(outcomes).toEqual(contributed);
    expect(await folderContent(join(box.folder, "plugin"))).toBe(before);
  }, 90_000);

  it("has its problems told with file and line, in full", async () => {
    const source = `from tljh.hooks import hookimpl

@hookimpl
def tljh_extra_apt_packages():
    return "sl"

@hookimpl
def tljh_custom_jupyterhub_config(c):
    raise ValueError("no")

@hookimpl
def tljh_extra_snap_packages():
    return []
`;
    const manifest = `[project]
name = "stars"
version = "1"
[project.entry-points.tljh]
stars = "tljh_stars"
broken = "tljh_broken"
[tool.setuptools]
py-modules = ["tljh_stars", "tljh_broken"]
package-dir = {"" = "src"}
`;
    await using box = await sandbox({
      plugin: {
        "pyproject.toml": manifest,
        src: { "tljh_stars.py": source, "tljh_broken.py": "\nx = (" },
      },
    });
    await withHub(box);
    const file = join(box.folder, "plugin/src/tljh_stars.py");
    const broken = join(box.folder, "plugin/src/tljh_broken.py");
    expect((await check(box)).problems).toMatchObject([
      { code: "PLUGIN_IMPORT_FAILED", place: { file: broken, line: 2 } },
      { code: "PLUGIN_HOOK_FAULTY", place: { file, line: 12 } },
      { code: "PLUGIN_RESULT_NOT_A_LIST", place: { file, line: 4 } },
      { code: "PLUGIN_HOOK_FAILED", place: { file, line: 9 } },
    ]);
  }, 120_000);

  it("must have an entry point, and be something that pip can install", async () => {
    const manifest = `[project]\nname = "stars"\nversion = "1"\n[tool.setuptools]\npy-modules = []\n`;
    await using box = await sandbox({ plugin: { "pyproject.toml": manifest } });
    await withHub(box);
    await expect(check(box)).rejects.toMatchObject({ code: "PLUGIN_ENTRY_POINT_MISSING" });
    await writeTree(box.folder, { plugin: { "pyproject.toml": "[project" } });
    await expect(check(box)).rejects.toMatchObject({ code: "PLUGIN_INSTALL_FAILED" });
  }, 120_000);
});
