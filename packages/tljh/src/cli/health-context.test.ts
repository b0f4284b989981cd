import { mkdir, writeFile } from "node:fs/promises";
import { afterEach, expect, it, vi } from "vitest";
import { sandbox } from "../plugins/fixtures.ts";
import { healthContext } from "./health-context.ts";

afterEach(() => vi.unstubAllEnvs());

it("is for root, and for a server on which something is installed", async () => {
  await using box = await sandbox();
  vi.stubEnv("TLJH_INSTALL_PREFIX", box.paths.prefix);
  await expect(healthContext("tljh status", 1000)).rejects.toMatchObject({
    code: "INSTALL_NOT_ROOT",
    message: expect.stringContaining("tljh status"),
  });
  await expect(healthContext("tljh status", 0)).rejects.toMatchObject({
    code: "SERVER_NOT_INSTALLED",
    message: expect.stringContaining(box.paths.prefix),
  });
});

it("reads the configuration with plugins' sections, once, and a broken one fails whoever asks", async () => {
  await using box = await sandbox();
  const { paths } = box;
  vi.stubEnv("TLJH_INSTALL_PREFIX", paths.prefix);
  for (const folder of [paths.state, paths.config]) await mkdir(folder, { recursive: true });
  await writeFile(paths.installation, '{"version":1,"channels":[],"plugins":[]}');
  const keys = { gigabytes: { type: "integer", default: 10, description: "x" } };
  const record = { version: 1, plugins: { disks: { section: "quota", keys } } };
  await writeFile(paths.pluginSettings, JSON.stringify(record));
  await writeFile(paths.configFile, "quota: {gigabytes: lots}\n");
  await using context = await healthContext("tljh status", 0);
  const loaded = await context.config();
  expect(loaded.effective.quota).toEqual({ gigabytes: 10 });
  expect(loaded.warnings).toMatchObject([{ severity: "tolerated" }]);
  await writeFile(paths.configFile, "a: b: c\n");
  expect(await context.config()).toBe(loaded);
  await using later = await healthContext("tljh status", 0);
  await expect(later.config()).rejects.toMatchObject({ code: "CONFIG_YAML_BROKEN" });
});
