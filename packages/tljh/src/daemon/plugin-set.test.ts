import { mkdir, rename, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { sandbox } from "../plugins/fixtures.ts";
import { createHookManager } from "../plugins/manager.ts";
import { PluginSet, pluginStamp, type UserPlugins } from "./plugin-set.ts";

function setup() {
  const events: string[] = [];
  const state = { stamp: "1", fails: false };
  let count = 0;
  const load = async (): Promise<UserPlugins> => {
    const number = ++count;
    events.push(`load ${number}`);
    if (state.fails) throw new Error("broken");
    return { manager: createHookManager(), close: async () => void events.push(`close ${number}`) };
  };
  return { set: new PluginSet(load, async () => state.stamp), state, events };
}

const nothing = async () => {};

test("plugins are loaded when they are first needed, and kept", async () => {
  const { set, events } = setup();
  expect(events).toEqual([]);
  await set.use(nothing);
  await set.use(nothing);
  expect(events).toEqual(["load 1"]);
});

test("after a change they are loaded anew, and the old ones are ended", async () => {
  const { set, state, events } = setup();
  await set.use(nothing);
  state.stamp = "2";
  await set.use(nothing);
  expect(events.toSorted()).toEqual(["close 1", "load 1", "load 2"]);
});

test("those that are in use are ended when they no longer are", async () => {
  const { set, state, events } = setup();
  let finish = () => {};
  const slow = set.use(() => new Promise<void>((resolve) => (finish = resolve)));
  state.stamp = "2";
  await set.use(nothing);
  expect(events).toEqual(["load 1", "load 2"]);
  finish();
  await slow;
  expect(events).toEqual(["load 1", "load 2", "close 1"]);
});

test("a load that failed is tried again", async () => {
  const { set, state, events } = setup();
  state.fails = true;
  await expect(set.use(nothing)).rejects.toThrow("broken");
  state.fails = false;
  await set.use(nothing);
  expect(events).toEqual(["load 1", "load 2"]);
});

test("work that fails leaves the plugins loaded", async () => {
  const { set, events } = setup();
  const work = async () => {
    throw new Error("mine");
  };
  await expect(set.use(work)).rejects.toThrow("mine");
  await set.use(nothing);
  expect(events).toEqual(["load 1"]);
});

test("closing ends what is loaded, and what is needed later is loaded again", async () => {
  const { set, events } = setup();
  await set.close();
  await set.use(nothing);
  await set.close();
  await set.use(nothing);
  expect(events).toEqual(["load 1", "close 1", "load 2"]);
});

test.each([
  "plugins/package.json",
  "hub/conda-meta/history",
  "hub/etc/tljh/pip.json",
  "state/installation.json",
  "config/config.yaml",
])("the stamp changes when %s is made, changed, and replaced", async (file) => {
  await using box = await sandbox();
  const path = join(box.paths.prefix, file);
  const stamps = [await pluginStamp(box.paths)];
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "one");
  stamps.push(await pluginStamp(box.paths));
  expect(await pluginStamp(box.paths)).toBe(stamps.at(-1));
  await utimes(path, 1, 1);
  stamps.push(await pluginStamp(box.paths));
  await writeFile(`${path}.new`, "two");
  await utimes(`${path}.new`, 1, 1);
  await rename(`${path}.new`, path);
  stamps.push(await pluginStamp(box.paths));
  expect(new Set(stamps).size).toBe(stamps.length);
});
