import { mkdir } from "node:fs/promises";
import { expect, it } from "vitest";
import type { TljhEvent } from "../events.ts";
import { pluginFolder, type Sandbox, sandbox, type Tree } from "../plugins/fixtures.ts";
import { readSources } from "../plugins/sources.ts";
import { npmPlugins } from "./plugins.ts";
import type { ServerContext } from "./resource.ts";

/** A server on which these folders are wanted as plugins. */
function server(box: Sandbox, wanted: readonly string[], skipFailing = false) {
  const events: TljhEvent[] = [];
  const plugins = wanted.map((name) => ({ spec: `${box.folder}/${name}`, kind: "folder-npm" }));
  const context = {
    paths: box.paths,
    wanted: { plugins },
    skipFailing,
    emit: (event: TljhEvent) => void events.push(event),
    forgetPlugins: async () => {},
  } as unknown as ServerContext;
  return { context, events };
}

async function change(context: ServerContext) {
  const { differences, change: apply } = await npmPlugins.inspect(context);
  return { differences, undo: await apply() };
}

const installed = async (box: Sandbox) =>
  (await readSources(box.paths.plugins)).map((source) => source.package);

/** Without hooks, so that any import will do. */
const plugin = (name: string) => pluginFolder(name, "export {};");

async function folders(tree: Tree) {
  const box = await sandbox(tree);
  await mkdir(box.paths.plugins, { recursive: true });
  return box;
}

it("installs what is asked for, takes out what is not, and can go back", async () => {
  await using box = await folders({ a: plugin("a"), b: plugin("b") });
  await change(server(box, ["a"]).context);
  const { differences, undo } = await change(server(box, ["b"]).context);
  expect(differences).toEqual([
    { action: "remove", what: `${box.folder}/a` },
    { action: "add", what: `${box.folder}/b`, because: "--plugin" },
  ]);
  expect(await installed(box)).toEqual(["b"]);
  await undo?.(() => {});
  expect(await installed(box)).toEqual(["a"]);
});

it("takes nothing out where something else cannot be installed", async () => {
  await using box = await folders({ a: plugin("a"), bad: { "package.json": "{" } });
  await change(server(box, ["a"]).context);
  await expect(change(server(box, ["bad"]).context)).rejects.toMatchObject({
    code: "PLUGIN_MANIFEST_INVALID",
  });
  expect(await installed(box)).toEqual(["a"]);
});

it("installs the others where one that cannot be is to end nothing, and names it", async () => {
  await using box = await folders({ a: plugin("a"), bad: { "package.json": "{" } });
  const { context, events } = server(box, ["bad", "a"], true);
  await change(context);
  expect(await installed(box)).toEqual(["a"]);
  expect(events.filter(({ type }) => type === "warning")).toMatchObject([
    { code: "PLUGIN_SKIPPED", message: expect.stringContaining(`${box.folder}/bad`) },
  ]);
});
