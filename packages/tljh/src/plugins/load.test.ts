import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pluginFolder, pluginsOf, type Sandbox, sandbox, type Tree } from "./fixtures.ts";
import { loadPlugins, requireAll } from "./load.ts";

async function load(box: Sandbox) {
  const loaded = await loadPlugins({ paths: box.paths });
  return { ...loaded, [Symbol.asyncDispose]: () => loaded.close() };
}

const HOOK = `import { hookimpl } from "tljh/hooks";\n`;
const LISTING = `${HOOK}export const tljh_extra_apt_packages = hookimpl((): string[] => ["sl"]);`;

it("finds nothing on a server without plugins", async () => {
  await using box = await sandbox();
  expect(await load(box)).toMatchObject({ list: [], failures: [] });
});

it("loads TypeScript whose tljh/hooks is this program's", async () => {
  await using box = await sandbox(pluginsOf({ simple: pluginFolder("simple", LISTING) }));
  await using loaded = await load(box);
  const { list, manager } = loaded;
  expect(list).toEqual([
    {
      name: "simple",
      version: "1.0.0",
      language: "typescript",
      source: "/home/ada/simple",
      hooks: ["tljh_extra_apt_packages"],
    },
  ]);
  expect(await manager.hook.tljh_extra_apt_packages.async({})).toEqual([["sl"]]);
});

it("registers packages by name, so that the last is called first", async () => {
  const folders = { b: pluginFolder("b", LISTING), a: pluginFolder("a", LISTING) };
  await using box = await sandbox(pluginsOf(folders));
  await using loaded = await load(box);
  const { manager } = loaded;
  expect(manager.hook.tljh_extra_apt_packages.plugins()).toEqual(["b", "a"]);
});

it("gives each of a plugin's functions for one hook what it asks for, and unites what they answer", async () => {
  const source = `${HOOK}
    export const tljh_extra_apt_packages = hookimpl(({ settings }) => [typeof settings]);
    export const more = hookimpl(() => ["sl"], { specname: "tljh_extra_apt_packages" });`;
  await using box = await sandbox(pluginsOf({ simple: pluginFolder("simple", source) }));
  await using loaded = await load(box);
  expect(loaded.list).toMatchObject([{ hooks: ["tljh_extra_apt_packages"] }]);
  expect(await loaded.manager.hook.tljh_extra_apt_packages.async({})).toEqual([["object", "sl"]]);
});

it.each([
  ["a re-export", `export * from "./hooks.ts";`],
  ["the default export", `import * as hooks from "./hooks.ts"; export default { ...hooks };`],
])("finds hooks in %s", async (_title, source) => {
  const folder = { ...pluginFolder("a", source), "hooks.ts": LISTING };
  await using box = await sandbox(pluginsOf({ a: folder }));
  expect((await load(box)).list).toMatchObject([{ hooks: ["tljh_extra_apt_packages"] }]);
});

it("loads a plugin's CommonJS", async () => {
  const tljh = { plugins: { old: "./plugin.cjs" } };
  const folder = {
    "package.json": JSON.stringify({ name: "old", tljh }),
    "plugin.cjs": `const { hookimpl } = require("tljh/hooks");
      module.exports = Object.fromEntries([["tljh_extra_apt_packages", hookimpl(() => ["sl"])]]);`,
  };
  await using box = await sandbox(pluginsOf({ old: folder }));
  expect((await load(box)).list).toMatchObject([{ hooks: ["tljh_extra_apt_packages"] }]);
});

it("loads a package that was installed with npm by hand", async () => {
  const folder = {
    "package.json": `{ "name": "x", "type": "module", "tljh": { "plugins": { "x": "./x.js" } } }`,
    "x.js": `${HOOK}export const tljh_post_install = hookimpl(() => {});`,
  };
  const plugins = { "package.json": `{"dependencies": {"x": "^1"}}`, node_modules: { x: folder } };
  await using box = await sandbox({ prefix: { plugins } });
  expect((await load(box)).list).toMatchObject([{ name: "x", source: "npm:x@^1" }]);
});

describe("a plugin that cannot be loaded", () => {
  const failing = async (folder: Tree, good: Tree = {}) => {
    await using box = await sandbox(pluginsOf({ bad: folder, ...good }));
    const loaded = await load(box);
    const [failure] = loaded.failures;
    return {
      ...loaded,
      failure,
      error: failure?.error,
      folder: join(box.paths.plugins, "folders"),
    };
  };

  it("leaves the others alone, and is thrown by requireAll", async () => {
    const good = { good: pluginFolder("good", LISTING) };
    const loaded = await failing(pluginFolder("bad", "throw new Error('no licence');"), good);
    expect(loaded.list).toMatchObject([{ name: "good" }]);
    expect(loaded.failure).toMatchObject({ name: "bad", source: "/home/ada/bad" });
    expect(loaded.error).toMatchObject({
      code: "PLUGIN_IMPORT_FAILED",
      message: `Plugin bad could not be loaded from ${loaded.folder}/bad/plugin.ts: no licence`,
      trace: expect.stringContaining("plugin.ts"),
    });
    expect(() => requireAll(loaded)).toThrow("no licence");
  });

  it.each([
    ["lacks a module", `import "left-pad";`, "add the missing package"],
    ["uses syntax that is more than types", "enum Colour { Red }", "without enum"],
    ["is wrong", "const = 1;", "Mend the"],
  ])("says what to do if it %s", async (_title, source, remedy) => {
    const { error } = await failing(pluginFolder("bad", source));
    expect(error).toMatchObject({
      code: "PLUGIN_IMPORT_FAILED",
      remedy: expect.stringContaining(remedy),
    });
  });

  it("says that a package of npm must ship JavaScript", async () => {
    const folder = {
      "package.json": `{ "name": "x", "type": "module", "tljh": { "plugins": { "x": "./x.ts" } } }`,
      "x.ts": "export const x: number = 1;",
    };
    const plugins = { "package.json": `{"dependencies": {"x": "1"}}`, node_modules: { x: folder } };
    await using box = await sandbox({ prefix: { plugins } });
    const { failures } = await load(box);
    expect(failures[0]?.error).toMatchObject({
      remedy: expect.stringContaining("must ship JavaScript"),
    });
  });

  it("may lack its manifest", async () => {
    const { error, failure } = await failing({ "plugin.ts": "" });
    expect(failure).toMatchObject({ name: "bad" });
    expect(error).toMatchObject({ code: "PLUGIN_MANIFEST_INVALID" });
  });

  it("may implement a hook that does not exist", async () => {
    const source = `${HOOK}export const tljh_extra_snap_packages = hookimpl(() => []);`;
    const { error, list } = await failing(pluginFolder("bad", source));
    expect(error).toMatchObject({
      code: "PLUGGY_HOOK_UNKNOWN",
      message: "Plugin bad implements tljh_extra_snap_packages, which is not a hook",
    });
    expect(list).toEqual([]);
  });

  it("may ask for an argument that the hook does not have", async () => {
    const source = `${HOOK}export const tljh_new_user_create = hookimpl(({ user }) => user);`;
    const { error } = await failing(pluginFolder("bad", source));
    expect(error).toMatchObject({
      code: "PLUGGY_ARGUMENT_UNKNOWN",
      message:
        "Plugin bad asks tljh_new_user_create for user; the hook has only: username, settings",
    });
  });

  it("may have the name of another", async () => {
    const other = { package: pluginFolder("bad", LISTING) };
    const { error, list } = await failing(pluginFolder("bad", LISTING), other);
    expect(list).toHaveLength(1);
    expect(error).toMatchObject({
      code: "PLUGIN_NAME_TAKEN",
      message: "Two plugins are named bad: one from /home/ada/bad, one from /home/ada/package",
    });
  });
});

it("refuses a package.json of the server's plugins that is not JSON", async () => {
  await using box = await sandbox({ prefix: { plugins: { "package.json": "{" } } });
  await expect(load(box)).rejects.toMatchObject({ code: "PLUGIN_MANIFEST_INVALID" });
});
