import { mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { PluginRequest } from "./classify.ts";
import {
  answering,
  copyExample,
  pack,
  pluginFolder,
  published,
  type Sandbox,
  sandbox,
  writeTree,
} from "./fixtures.ts";
import { installNpmPlugins, missingNpmPlugins } from "./install.ts";
import { loadPlugins } from "./load.ts";
import { withRegistry } from "./npm-fixtures.ts";

const folder = (spec: string): PluginRequest => ({ spec, kind: "folder-npm" });
const npm = (spec: string): PluginRequest => ({ spec: `npm:${spec}`, kind: "npm" });

const install = (box: Sandbox, ...requests: PluginRequest[]) =>
  installNpmPlugins(requests, box.paths);

const loaded = async (box: Sandbox) => {
  const { list, manager } = await loadPlugins({ paths: box.paths });
  return { names: list.map(({ name, version }) => `${name} ${version}`), list, manager };
};

describe("a folder", () => {
  it("is copied, so that it is not needed any more", async () => {
    await using box = await sandbox();
    const source = await copyExample("tljh-simple", box.folder);
    await install(box, folder(source));
    await rm(source, { recursive: true });
    const { list, manager } = await loaded(box);
    expect(list).toEqual([
      {
        name: "simple",
        version: "0.1.0",
        language: "typescript",
        source,
        hooks: ["tljh_extra_user_conda_packages"],
      },
    ]);
    expect(await manager.hook.tljh_extra_user_conda_packages.async({})).toEqual([
      ["xarray", "dask", "tqdm"],
    ]);
    expect(await missingNpmPlugins([folder(source)], box.paths)).toEqual([]);
  });

  it("is copied without what is not the plugin's, and with what links lead to", async () => {
    await using box = await sandbox({
      plugin: {
        ...pluginFolder("x", `export * from "./linked.ts";`),
        ".git": { config: "" },
        node_modules: { y: { "index.js": "" } },
      },
      elsewhere: { "hooks.ts": answering("sl") },
    });
    const source = join(box.folder, "plugin");
    await symlink(join(box.folder, "elsewhere", "hooks.ts"), join(source, "linked.ts"));
    await install(box, folder(source));
    const copy = join(box.paths.plugins, "folders", "x");
    expect((await readdir(copy)).sort()).toEqual(["linked.ts", "package.json", "plugin.ts"]);
    await rm(join(box.folder, "elsewhere"), { recursive: true });
    expect(await (await loaded(box)).manager.hook.tljh_extra_apt_packages.async({})).toEqual([
      ["sl"],
    ]);
  });

  it("is copied so that only its owner can write the copy", async () => {
    await using box = await sandbox({ plugin: pluginFolder("x", answering("sl")) });
    const source = join(box.folder, "plugin");
    await writeFile(join(source, "data.txt"), "", { mode: 0o666 });
    await install(box, folder(source));
    const { mode } = await stat(join(box.paths.plugins, "folders", "x", "data.txt"));
    expect(mode & 0o777).toBe(0o644);
    expect((await stat(box.paths.plugins)).mode & 0o777).toBe(0o755);
  });

  it("that changed is missing, and replaces its old copy", async () => {
    await using box = await sandbox({ plugin: pluginFolder("x", answering("old")) });
    const request = folder(join(box.folder, "plugin"));
    expect(await missingNpmPlugins([request], box.paths)).toEqual([request]);
    await install(box, request);
    expect(await missingNpmPlugins([request], box.paths)).toEqual([]);
    await writeTree(box.folder, { plugin: { "plugin.ts": answering("new") } });
    expect(await missingNpmPlugins([request], box.paths)).toEqual([request]);
    await install(box, request);
    const copy = join(box.paths.plugins, "folders", "x", "plugin.ts");
    expect(await readFile(copy, "utf8")).toBe(answering("new"));
  });

  it("gets its dependencies beside it", async () => {
    await using box = await sandbox({
      plugin: pluginFolder(
        "x",
        `import { name } from "words"; import { hookimpl } from "tljh/hooks";
        export const tljh_extra_apt_packages = hookimpl(() => [name]);`,
        { dependencies: { words: "^1.0.0" }, devDependencies: { nothing: "1" } },
      ),
    });
    const words = {
      "package.json": `{"name": "words", "version": "1.2.0", "type": "module", "exports": "./i.js"}`,
      "i.js": `export const name = "figlet";`,
    };
    await using _registry = await withRegistry(box, { words });
    await install(box, folder(join(box.folder, "plugin")));
    expect(await (await loaded(box)).manager.hook.tljh_extra_apt_packages.async({})).toEqual([
      ["figlet"],
    ]);
  });
});

describe("a package of npm", () => {
  it("is installed with its dependencies and recorded", async () => {
    await using box = await sandbox();
    await using _registry = await withRegistry(box, {
      a: published("tljh-a", "1.0.0", { dependencies: { words: "1" } }),
      b: { "package.json": `{"name": "words", "version": "1.0.0"}` },
    });
    const lines: string[] = [];
    await installNpmPlugins([npm("tljh-a@^1")], box.paths, (line) => lines.push(line));
    expect(lines).toEqual(["Installing tljh-a@^1 from npm", "Installed tljh-a 1.0.0"]);
    expect((await loaded(box)).list).toMatchObject([{ name: "tljh-a", source: "npm:tljh-a@^1" }]);
    expect(await missingNpmPlugins([npm("tljh-a@^1"), npm("tljh-b")], box.paths)).toEqual([
      npm("tljh-b"),
    ]);
  });

  it("runs no scripts and brings no peers", async () => {
    await using box = await sandbox();
    const extra = { scripts: { postinstall: "touch ran" }, peerDependencies: { tljh: "*" } };
    await using _registry = await withRegistry(box, {
      a: published("tljh-a", "1.0.0", extra),
      b: { "package.json": `{"name": "tljh", "version": "9.9.9"}` },
    });
    await install(box, npm("tljh-a"));
    const modules = join(box.paths.plugins, "node_modules");
    expect(await readdir(modules)).not.toContain("tljh");
    expect(await readdir(join(modules, "tljh-a"))).not.toContain("ran");
  });

  it("can be an archive", async () => {
    await using box = await sandbox({ work: { package: published("tljh-a", "1.0.0") } });
    const file = join(box.folder, "a.tgz");
    pack(join(box.folder, "work"), file);
    await install(box, npm(file));
    expect((await loaded(box)).names).toEqual(["tljh-a 1.0.0"]);
    expect(await missingNpmPlugins([npm(file)], box.paths)).toEqual([]);
  });

  it("takes the place of a folder of the same package, and the other way round", async () => {
    await using box = await sandbox({ plugin: published("tljh-a", "2.0.0") });
    await using _registry = await withRegistry(box, { a: published("tljh-a", "1.0.0") });
    const source = folder(join(box.folder, "plugin"));
    for (const [request, expected] of [
      [source, "tljh-a 2.0.0"],
      [npm("tljh-a"), "tljh-a 1.0.0"],
      [source, "tljh-a 2.0.0"],
    ] as const) {
      await install(box, request);
      expect((await loaded(box)).names).toEqual([expected]);
    }
    expect(await readdir(join(box.paths.plugins, "node_modules"))).not.toContain("tljh-a");
  });

  it("that does not exist is told from other troubles", async () => {
    await using box = await sandbox();
    await using _registry = await withRegistry(box, {});
    await expect(install(box, npm("tljh-nowhere"))).rejects.toMatchObject({
      code: "PLUGIN_INSTALL_FAILED",
      message: expect.stringContaining("npm:tljh-nowhere"),
      remedy: "Check the name and the version of the package.",
    });
  });

  it("that is no plugin is refused", async () => {
    await using box = await sandbox();
    const other = { "package.json": `{"name": "left-pad", "version": "1.0.0"}` };
    await using _registry = await withRegistry(box, { other });
    await expect(install(box, npm("left-pad"))).rejects.toMatchObject({
      code: "PLUGIN_MANIFEST_MISSING",
      message: 'The package npm:left-pad is no plugin: its package.json has no "tljh" section',
    });
  });
});

describe("an installation that fails", () => {
  const good = pluginFolder("good", answering("sl"));

  it.each([
    ["cannot be imported", pluginFolder("bad", "throw new Error('x')"), "PLUGIN_IMPORT_FAILED"],
    [
      "implements no hook that exists",
      pluginFolder("bad", answering("x").replace("_apt_", "_snap_")),
      "PLUGGY_HOOK_UNKNOWN",
    ],
    [
      "lacks its file",
      { "package.json": pluginFolder("bad", "")["package.json"] ?? "" },
      "PLUGIN_FILE_MISSING",
    ],
    [
      "takes another's name",
      { ...pluginFolder("good", answering("x"), { name: "another" }) },
      "PLUGIN_NAME_TAKEN",
    ],
  ])("leaves all as it was if a plugin %s", async (_title, bad, code) => {
    await using box = await sandbox({ good, bad });
    await install(box, folder(join(box.folder, "good")));
    const before = await readFile(join(box.paths.plugins, "package.json"), "utf8");
    await expect(install(box, folder(join(box.folder, "bad")))).rejects.toMatchObject({ code });
    expect(await readFile(join(box.paths.plugins, "package.json"), "utf8")).toBe(before);
    expect((await loaded(box)).names).toEqual(["good 1.0.0"]);
    expect(await readdir(box.paths.prefix)).toEqual(["plugins"]);
  });

  it("is not caused by a plugin that was broken before", async () => {
    await using box = await sandbox({ good, bad: pluginFolder("bad", answering("x")) });
    await install(box, folder(join(box.folder, "bad")));
    await rm(join(box.paths.plugins, "folders", "bad", "plugin.ts"));
    await install(box, folder(join(box.folder, "good")));
    expect((await loaded(box)).names).toEqual(["good 1.0.0"]);
  });

  it("half-way is mended by the next", async () => {
    await using box = await sandbox({ good, other: pluginFolder("other", answering("x")) });
    await install(box, folder(join(box.folder, "good")));
    const { plugins } = box.paths;
    await writeTree(box.paths.prefix, { "plugins.new-old": { left: "behind" } });
    await rename(plugins, `${plugins}.previous`);
    await mkdir(plugins);
    await install(box, folder(join(box.folder, "other")));
    expect((await loaded(box)).names).toEqual(["good 1.0.0", "other 1.0.0"]);
    expect(await readdir(box.paths.prefix)).toEqual(["plugins"]);
  });
});

it("leaves requests for pip alone", async () => {
  await using box = await sandbox();
  const pip: PluginRequest = { spec: "tljh-x", kind: "pip" };
  expect(await missingNpmPlugins([pip], box.paths)).toEqual([]);
  await install(box, pip);
  expect(await readdir(box.paths.prefix)).toEqual([]);
});
