import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { pluginFolder, sandbox } from "./fixtures.ts";
import { hasPluginManifest, readManifest } from "./manifest.ts";

it("names the package and its plugins with their files", async () => {
  await using box = await sandbox(pluginFolder("tljh-x", ""));
  expect(await readManifest(box.folder)).toEqual({
    name: "tljh-x",
    version: "1.0.0",
    hasDependencies: false,
    plugins: [{ name: "tljh-x", file: join(box.folder, "plugin.ts") }],
  });
});

it("takes of a published package the JavaScript that was made of its file, where there is any", async () => {
  const plugins = { a: "./a.ts", b: "./b.ts", c: "./c.mts" };
  const folder = { "package.json": JSON.stringify({ name: "x", tljh: { plugins } }) };
  const files = { "a.ts": "", "a.js": "", "b.ts": "", "c.mts": "", "c.mjs": "" };
  await using box = await sandbox({
    node_modules: { x: { ...folder, ...files } },
    folders: { x: { ...folder, ...files } },
  });
  const filesOf = async (below: string) =>
    (await readManifest(join(box.folder, below))).plugins.map(({ file }) => basename(file));
  expect(await filesOf("node_modules/x")).toEqual(["a.js", "b.ts", "c.mjs"]);
  expect(await filesOf("folders/x")).toEqual(["a.ts", "b.ts", "c.mts"]);
});

it("knows whether there are dependencies", async () => {
  await using box = await sandbox(pluginFolder("x", "", { dependencies: { yaml: "2" } }));
  expect(await readManifest(box.folder)).toMatchObject({ hasDependencies: true });
});

it("tells a plugin's folder from others", async () => {
  await using box = await sandbox({
    plugin: pluginFolder("x", ""),
    other: { "package.json": '{"name": "tljh"}' },
  });
  expect(await hasPluginManifest(join(box.folder, "plugin"))).toBe(true);
  expect(await hasPluginManifest(join(box.folder, "other"))).toBe(false);
  expect(await hasPluginManifest(box.folder)).toBe(false);
});

const manifest = (tljh: unknown, name: unknown = "x") => JSON.stringify({ name, tljh });

it.each([
  ["{", "it is not JSON"],
  ["[]", "it is not a JSON object"],
  [manifest({ plugins: { a: "./a.ts" } }, "../x"), 'its "name" is "../x"'],
  [manifest({ plugins: { a: "./a.ts" } }, null), 'its "name" is null'],
  [manifest(undefined), 'it has no "tljh" section'],
  [manifest({ plugins: {} }), 'it has no "tljh" section'],
  [manifest({ plugins: ["./a.ts"] }), 'it has no "tljh" section'],
  [manifest({ plugins: { "a b": "./a.ts" } }), '"a b" is no name'],
  [manifest({ plugins: { a: 1 } }), "the file of plugin a is 1"],
])("refuses %s", async (text, message) => {
  await using box = await sandbox({ "package.json": text });
  await expect(readManifest(box.folder)).rejects.toMatchObject({
    code: "PLUGIN_MANIFEST_INVALID",
    message: expect.stringContaining(message),
  });
});

it("refuses a folder without package.json", async () => {
  await using box = await sandbox();
  await expect(readManifest(box.folder)).rejects.toMatchObject({
    code: "PLUGIN_MANIFEST_INVALID",
    message: expect.stringContaining("cannot be read"),
  });
});

it("refuses a file that does not exist", async () => {
  await using box = await sandbox({ "package.json": manifest({ plugins: { a: "./a.ts" } }) });
  await expect(readManifest(box.folder)).rejects.toMatchObject({
    code: "PLUGIN_FILE_MISSING",
    message: expect.stringContaining(`Plugin a lacks its file`),
  });
});

it.each(["../a.ts", "/etc/a.ts", "./b/../../a.ts"])("refuses a file outside: %s", async (file) => {
  await using box = await sandbox({ "package.json": manifest({ plugins: { a: file } }) });
  await expect(readManifest(box.folder)).rejects.toMatchObject({ code: "PLUGIN_FILE_OUTSIDE" });
});
