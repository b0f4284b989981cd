import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { expect, it } from "vitest";
import { parseConfig } from "../config/load.ts";
import { sandbox } from "../plugins/fixtures.ts";
import { forPythonPlugins } from "./python-plugins.ts";

it("JupyterHub is told which plugins are disabled, each one's settings, and the limits of hooks", async () => {
  await using box = await sandbox();
  const { paths } = box;
  await mkdir(dirname(paths.installation), { recursive: true });
  await writeFile(paths.installation, JSON.stringify({ disabled: ["off"] }));
  const quota = {
    section: "quota",
    keys: { gigabytes: { type: "integer", default: 10 }, path: { type: "string" } },
  };
  const plugins = { "tljh-quota": quota, other: { section: "other", keys: {} } };
  await writeFile(paths.pluginSettings, JSON.stringify({ version: 1, plugins }));
  const text = "quota: {path: /srv, unknown: 1}\nplugins: {hook_timeout: {tljh_pre_spawn: 5}}\n";
  const told = await forPythonPlugins(paths, parseConfig(text).effective);
  expect(told).toMatchObject({
    disabled: ["off"],
    settings: { "tljh-quota": { gigabytes: 10, path: "/srv" }, other: {} },
    timeouts: { tljh_pre_spawn: 5, tljh_custom_jupyterhub_config: 60 },
  });
  expect(told.settings["tljh-quota"]).not.toHaveProperty("unknown");
});

it("on a server without any of that there is nothing to tell but the usual limits", async () => {
  await using box = await sandbox();
  const told = await forPythonPlugins(box.paths, parseConfig("").effective);
  expect(told).toMatchObject({ disabled: [], settings: {} });
  expect(told.timeouts.tljh_post_install).toBe(600);
});
