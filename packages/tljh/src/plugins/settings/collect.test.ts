import { expect, it } from "vitest";
import { hookimpl, settings } from "../../hooks.ts";
import { createHookManager } from "../manager.ts";
import { collectSettings } from "./collect.ts";

const description = "x";
const declaring = (section: string) =>
  settings(section, { size: { type: "integer", default: 1, description } }).schema;

it("collects what each plugin declares, and leaves out those that declare nothing", async () => {
  const manager = createHookManager();
  manager.register({ tljh_settings_schema: declaring("quota") }, "disks");
  manager.register({ tljh_settings_schema: declaring("mail") }, "post");
  manager.register({ tljh_extra_apt_packages: hookimpl(() => ["sl"]) }, "trains");
  manager.register({ tljh_settings_schema: hookimpl(() => null) }, "none");
  const { declarations, failures } = await collectSettings(manager);
  expect([...declarations].map(([plugin, { section }]) => [plugin, section]).sort()).toEqual([
    ["disks", "quota"],
    ["post", "mail"],
  ]);
  expect(failures).toEqual([]);
});

it("names the plugins that fail, declare nonsense or want another's section, and keeps the others", async () => {
  const manager = createHookManager();
  const fails = hookimpl<"tljh_settings_schema">(() => {
    throw new Error("no disk");
  });
  manager.register({ tljh_settings_schema: declaring("quota") }, "late");
  manager.register({ tljh_settings_schema: fails }, "fails");
  manager.register({ tljh_settings_schema: declaring("users") }, "greedy");
  manager.register({ tljh_settings_schema: declaring("quota") }, "disks");
  const { declarations, failures } = await collectSettings(manager);
  expect([...declarations.keys()]).toEqual(["disks"]);
  expect(failures).toMatchObject([
    { plugin: "greedy", error: { code: "PLUGIN_SETTINGS_SECTION_INVALID" } },
    {
      plugin: "fails",
      error: { message: "Plugin fails failed in tljh_settings_schema: Error: no disk" },
    },
    {
      plugin: "late",
      error: {
        code: "PLUGIN_SETTINGS_SECTION_TAKEN",
        message:
          "Plugin late and plugin disks both declare the section quota in config.yaml as theirs",
      },
    },
  ]);
});
