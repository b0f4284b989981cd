import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { PluginRequest } from "./classify.ts";
import {
  answering,
  pack,
  pluginFolder,
  published,
  type Sandbox,
  sandbox,
  writeTree,
} from "./fixtures.ts";
import { installNpmPlugins } from "./install.ts";
import { loadPlugins } from "./load.ts";
import { removeNpmPlugins, unwantedNpmPlugins } from "./remove.ts";

const plugin = (name: string) => pluginFolder(name, answering("sl"));

const folder = (box: Sandbox, name: string): PluginRequest => ({
  spec: join(box.folder, name),
  kind: "folder-npm",
});

/** A package of npm as an archive, made of the sandbox's `work/package`. */
function archive(box: Sandbox): PluginRequest {
  const file = join(box.folder, "archive.tgz");
  pack(join(box.folder, "work"), file);
  return { spec: `npm:${file}`, kind: "npm" };
}

const install = (box: Sandbox, ...requests: PluginRequest[]) =>
  installNpmPlugins(requests, box.paths);

const names = async (box: Sandbox) => {
  const { list } = await loadPlugins({ paths: box.paths });
  return list.map(({ name }) => name);
};

/** Removes what is not among these; gives back what is said of it. */
async function keepOnly(box: Sandbox, ...kept: PluginRequest[]) {
  const lines: string[] = [];
  const unwanted = await unwantedNpmPlugins(kept, box.paths);
  await removeNpmPlugins(unwanted, box.paths, (line) => lines.push(line));
  return lines;
}

it("takes out the folder of a plugin that is asked for no longer, and no other", async () => {
  await using box = await sandbox({ a: plugin("a"), b: plugin("b") });
  await install(box, folder(box, "a"), folder(box, "b"));
  expect(await keepOnly(box, folder(box, "b"))).toEqual(["Removed a"]);
  expect(await names(box)).toEqual(["b"]);
  expect(await readdir(join(box.paths.plugins, "folders"))).toEqual(["b"]);
  expect(await unwantedNpmPlugins([folder(box, "b")], box.paths)).toEqual([]);
});

it("takes out a package of npm", async () => {
  await using box = await sandbox({
    work: { package: published("tljh-n", "1.0.0") },
    a: plugin("a"),
  });
  await install(box, archive(box), folder(box, "a"));
  expect(await names(box)).toEqual(["a", "tljh-n"]);
  expect(await keepOnly(box, folder(box, "a"))).toEqual(["Removed tljh-n"]);
  expect(await names(box)).toEqual(["a"]);
  expect(await readFile(join(box.paths.plugins, "package.json"), "utf8")).not.toMatch("tljh-n");
});

it("leaves alone what an admin has installed with npm", async () => {
  await using box = await sandbox({ a: plugin("a") });
  await writeTree(box.paths.plugins, {
    "package.json": `{"dependencies": {"tljh-hand": "^1"}}`,
    node_modules: { "tljh-hand": published("tljh-hand", "1.0.0") },
  });
  await install(box, folder(box, "a"));
  expect(await keepOnly(box)).toEqual(["Removed a"]);
  expect(await names(box)).toEqual(["tljh-hand"]);
});

it("that fails is told, and leaves everything as it was", async () => {
  await using box = await sandbox({
    work: { package: published("tljh-n", "1.0.0") },
    a: plugin("a"),
  });
  await install(box, archive(box), folder(box, "a"));
  const manifest = join(box.paths.plugins, "package.json");
  const written = JSON.parse(await readFile(manifest, "utf8"));
  const conflict = {
    ...written,
    overrides: { "tljh-hand": "1" },
    dependencies: { ...written.dependencies, "tljh-hand": "2" },
  };
  await writeFile(manifest, JSON.stringify(conflict));
  await expect(keepOnly(box)).rejects.toMatchObject({
    code: "PLUGIN_REMOVAL_FAILED",
    message: expect.stringMatching(
      /^Plugins could not be removed \(a, tljh-n\): Override for tljh-hand@2 conflicts/,
    ),
  });
  expect(await names(box)).toEqual(["a", "tljh-n"]);
});
