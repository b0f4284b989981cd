import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { hookimpl, settings } from "../hooks.ts";
import { sandbox } from "../plugins/fixtures.ts";
import { createHookManager } from "../plugins/manager.ts";
import type { ServerPaths } from "../system/paths.ts";
import { pluginSettings } from "./plugin-settings.ts";
import type { ServerContext } from "./resource.ts";

const disks = settings("quota", {
  gigabytes: { type: "integer", default: 10, description: "Disk space." },
}).schema;

async function prepare(paths: ServerPaths, plugin: object, config = ""): Promise<ServerContext> {
  await mkdir(paths.state, { recursive: true });
  await mkdir(paths.config, { recursive: true });
  await writeFile(paths.configFile, config);
  const manager = createHookManager();
  manager.register(plugin, "disks");
  return { paths, wanted: {}, plugins: async () => ({ manager }) } as unknown as ServerContext;
}

const differences = async (context: ServerContext) =>
  (await pluginSettings.inspect(context)).differences;

it("keeps what plugins declare, readable by root alone, and takes it back", async () => {
  await using box = await sandbox();
  const file = box.paths.pluginSettings;
  const context = await prepare(box.paths, { tljh_settings_schema: disks });
  expect(await differences(context)).toEqual([{ action: "add", what: file }]);
  await (await pluginSettings.inspect(context)).change();
  expect(JSON.parse(await readFile(file, "utf8"))).toEqual({
    version: 1,
    plugins: {
      disks: {
        section: "quota",
        keys: { gigabytes: { type: "integer", default: 10, description: "Disk space." } },
      },
    },
  });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await differences(context)).toEqual([]);

  const without = await prepare(box.paths, {});
  expect(await differences(without)).toEqual([{ action: "change", what: file }]);
  const undo = await (await pluginSettings.inspect(without)).change();
  expect(await readFile(file, "utf8")).toContain('"plugins": {}');
  await undo?.(() => {});
  expect(await differences(context)).toEqual([]);
});

it("needs no record where no plugin declares anything", async () => {
  await using box = await sandbox();
  expect(await differences(await prepare(box.paths, {}))).toEqual([]);
});

it("stops at a setting in config.yaml that does not fit, with its line", async () => {
  await using box = await sandbox();
  const config = "quota:\n  gigabytes: lots\n";
  const context = await prepare(box.paths, { tljh_settings_schema: disks }, config);
  await expect(pluginSettings.inspect(context)).rejects.toMatchObject({
    code: "CONFIG_VALUE_INVALID",
    message: expect.stringContaining(
      'quota.gigabytes is "lots", but must be a whole number (line 2)',
    ),
    remedy: "Set it, for example: sudo tljh-config set quota.gigabytes 10",
  });
});

it("stops at a plugin whose declaration is wrong", async () => {
  await using box = await sandbox();
  const wrong = hookimpl(() => ({ section: "users", keys: {} }));
  const context = await prepare(box.paths, { tljh_settings_schema: wrong });
  await expect(pluginSettings.inspect(context)).rejects.toMatchObject({
    code: "PLUGIN_SETTINGS_SECTION_INVALID",
  });
});

it("keeps what a plugin declared before that fails where that ends nothing, or is disabled", async () => {
  await using box = await sandbox();
  const before = await prepare(box.paths, { tljh_settings_schema: disks });
  await (await pluginSettings.inspect(before)).change();
  const failing = hookimpl(() => {
    throw new Error("no");
  });
  const skipping = await prepare(box.paths, { tljh_settings_schema: failing });
  expect(await differences({ ...skipping, skipFailing: true })).toEqual([]);
  await expect(pluginSettings.inspect(skipping)).rejects.toThrow("no");
  const none = await prepare(box.paths, {});
  const wanted = { ...none.wanted, disabled: ["disks"] };
  expect(await differences({ ...none, wanted })).toEqual([]);
  expect(await differences(none)).toHaveLength(1);
});
