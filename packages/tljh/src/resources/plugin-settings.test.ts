import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import type { SettingsDeclaration } from "../config/settings/declaration.ts";
import type { TljhEvent } from "../events.ts";
import { sandbox } from "../plugins/fixtures.ts";
import type { ServerPaths } from "../system/paths.ts";
import { pluginSettings } from "./plugin-settings.ts";
import type { ServerContext } from "./resource.ts";

const disks = {
  section: "quota",
  keys: { gigabytes: { type: "integer", default: 10, description: "Disk space." } },
} as const satisfies SettingsDeclaration;

interface Loaded {
  readonly declares?: boolean;
  readonly disabled?: readonly string[];
  readonly failing?: readonly string[];
  readonly skipFailing?: boolean;
}

/** A server with a plugin called disks, and what the resources know of it. */
async function prepare(paths: ServerPaths, loaded: Loaded = {}, config = "") {
  await mkdir(paths.state, { recursive: true });
  await mkdir(paths.config, { recursive: true });
  await writeFile(paths.configFile, config);
  const events: TljhEvent[] = [];
  const plugins = async () => ({
    declarations: new Map(loaded.declares === false ? [] : [["disks", disks]]),
    disabled: loaded.disabled ?? [],
    failures: (loaded.failing ?? []).map((name) => ({ name, source: "x", error: new Error("y") })),
  });
  const emit = (event: TljhEvent) => void events.push(event);
  const { skipFailing = false } = loaded;
  return { events, ...({ paths, plugins, emit, skipFailing } as unknown as ServerContext) };
}

const differences = async (context: ServerContext) =>
  (await pluginSettings.inspect(context)).differences;

it("keeps what plugins declare, readable by root alone, and takes it back", async () => {
  await using box = await sandbox();
  const file = box.paths.pluginSettings;
  const context = await prepare(box.paths);
  expect(await differences(context)).toEqual([{ action: "add", what: file }]);
  await (await pluginSettings.inspect(context)).change();
  const plugins = { disks };
  expect(JSON.parse(await readFile(file, "utf8"))).toEqual({ version: 1, plugins });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await differences(context)).toEqual([]);

  const without = await prepare(box.paths, { declares: false });
  expect(await differences(without)).toEqual([{ action: "change", what: file }]);
  const undo = await (await pluginSettings.inspect(without)).change();
  expect(await readFile(file, "utf8")).toContain('"plugins": {}');
  await undo?.(() => {});
  expect(await differences(context)).toEqual([]);
});

it("keeps what a plugin declared that is disabled, or fails and is left out", async () => {
  await using box = await sandbox();
  await (await pluginSettings.inspect(await prepare(box.paths))).change();
  for (const absent of [{ disabled: ["disks"] }, { failing: ["disks"], skipFailing: true }])
    expect(await differences(await prepare(box.paths, { declares: false, ...absent }))).toEqual([]);
});

it("needs no record where no plugin declares anything", async () => {
  await using box = await sandbox();
  expect(await differences(await prepare(box.paths, { declares: false }))).toEqual([]);
});

const lots = "quota:\n  gigabytes: lots\n";

it("stops at a setting in config.yaml that does not fit, with its line", async () => {
  await using box = await sandbox();
  await expect(pluginSettings.inspect(await prepare(box.paths, {}, lots))).rejects.toMatchObject({
    code: "CONFIG_VALUE_INVALID",
    message: expect.stringContaining(
      'quota.gigabytes is "lots", but must be a whole number (line 2)',
    ),
    remedy: "Set it, for example: sudo tljh-config set quota.gigabytes 10",
  });
});

it("stops at a plugin that fails, unless it is to be left out", async () => {
  await using box = await sandbox();
  const failing = await prepare(box.paths, { failing: ["disks"] });
  await expect(pluginSettings.inspect(failing)).rejects.toThrow("y");
});

it("tells of such a setting, and goes on, where failing plugins are left out", async () => {
  await using box = await sandbox();
  const context = await prepare(box.paths, { skipFailing: true }, lots);
  expect(await differences(context)).toHaveLength(1);
  expect(context.events).toMatchObject([
    { type: "warning", code: "CONFIG_VALUE_INVALID", message: expect.stringContaining("lots") },
  ]);
});
