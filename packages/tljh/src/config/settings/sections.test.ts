import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseConfig, requireSettings } from "../load.ts";
import { configReference } from "../reference.ts";
import { parseValue } from "../value.ts";
import type { SettingsDeclaration } from "./declaration.ts";
import { noSections, readPluginSections, sectionsOf } from "./sections.ts";

const description = "x";
const quota: SettingsDeclaration = {
  section: "quota",
  keys: {
    gigabytes: { type: "integer", default: 10, description },
    id: { type: "string", description },
    groups: { type: "array", items: { type: "string" }, description },
    names: { type: "object", additionalProperties: { type: "string" }, description },
    levels: { type: "array", items: { type: "number" }, description },
    strict: { type: "boolean", default: false, description },
  },
};
const sections = sectionsOf([["disks", quota]]);
const parsed = (text: string) => parseConfig(text, "config.yaml", sections);

describe("a configuration with a plugin's section", () => {
  it("has the plugin's defaults, and its text as it stands in the file", () => {
    const text = "quota:\n  id: 007\n  groups: [1e3, true]\n  names: {a: 0x10}\n  levels: [007]\n";
    expect(parsed(text).effective.quota).toEqual({
      gigabytes: 10,
      strict: false,
      id: "007",
      groups: ["1e3", "true"],
      names: { a: "0x10" },
      levels: [7],
    });
    expect(parsed("").effective.quota).toEqual({ gigabytes: 10, strict: false });
  });

  it("is used with mistakes in it, each with its line when the server is to be changed", () => {
    const loaded = parsed("quota:\n  id: a\n  gigabytes: lots\n  grups: [a]\n");
    expect(loaded.effective.quota).toMatchObject({ gigabytes: 10, id: "a" });
    expect(loaded.warnings.map(({ path }) => path.join("."))).toEqual([
      "quota.gigabytes",
      "quota.grups",
    ]);
    expect(() => requireSettings(loaded)).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message: expect.stringMatching(
          /has 2 mistakes:\nquota\.gigabytes is "lots", .*\(line 3\)\nquota\.grups: did you mean quota\.groups\? \(line 4\)/,
        ),
      }),
    );
  });

  it("may have a section that another could be mistaken for, but not another's", () => {
    const limit = sectionsOf([["a", { section: "limit", keys: {} }]]);
    expect(parseConfig("limit: {}\n", "config.yaml", limit).warnings).toEqual([]);
    const doubtful = parseConfig("limit: {}\n", "config.yaml", sections);
    expect(doubtful.warnings).toMatchObject([{ code: "CONFIG_KEY_DOUBTFUL" }]);
    expect(() => requireSettings(doubtful)).not.toThrow();
  });

  it("keeps sections that nobody has declared", () => {
    expect(parsed("other: {a: 007}\n").effective.other).toEqual({ a: 7 });
  });
});

describe("a value that is typed for a plugin's setting", () => {
  it.each([
    ["007", ["quota", "id"], "007"],
    ["true", ["quota", "groups", 0], "true"],
    ["none", ["quota", "groups", 0], "none"],
    ["12", ["quota", "names", "a"], "12"],
    ["007", ["quota", "gigabytes"], 7],
    ["-5", ["quota", "gigabytes"], -5],
    ["+.5e1", ["quota", "levels", 0], 5],
    ["-x", ["quota", "gigabytes"], "-x"],
    ["none", ["quota", "gigabytes"], null],
    ["TRUE", ["quota", "strict"], true],
    ["-5", ["quota", "other"], "-5"],
    ["-5", ["other", "gigabytes"], "-5"],
  ])("%j at %j is %j", (text, path, value) => {
    expect(parseValue(text, path, sections)).toBe(value);
  });
});

describe("the record of what plugins declare", () => {
  const read = async (text: string) => {
    const file = join(await mkdtemp(join(tmpdir(), "tljh-sections-")), "plugin-settings.json");
    await writeFile(file, text);
    return readPluginSections(file);
  };

  it("is read by section", async () => {
    const found = await read(JSON.stringify({ version: 1, plugins: { disks: quota } }));
    expect(found).toEqual(sections);
    expect(found.get("quota")?.plugin).toBe("disks");
  });

  it.each(["", "{", "null", "[]", '{"version":2,"plugins":{}}', '{"version":1}'])(
    "says nothing where it makes no sense: %j",
    async (text) => expect(await read(text)).toEqual(noSections),
  );

  it("says nothing where there is none", async () => {
    expect(await readPluginSections("/nowhere/plugin-settings.json")).toEqual(noSections);
  });
});

describe("plugins.hook_timeout", () => {
  it("has a default for every hook, and tells the reference of each", () => {
    const { hook_timeout } = parseConfig("plugins: {hook_timeout: {tljh_pre_spawn: 5}}\n").effective
      .plugins;
    expect(hook_timeout).toMatchObject({
      tljh_pre_spawn: 5,
      tljh_post_install: 600,
      tljh_health_checks: 30,
      tljh_new_user_create: 60,
    });
    expect(configReference()).toContain("tljh-config set plugins.hook_timeout.tljh_pre_spawn 60");
  });

  it.each([
    [
      "tljh_pre_spwan: 5",
      "plugins.hook_timeout.tljh_pre_spwan: did you mean plugins.hook_timeout.tljh_pre_spawn?",
    ],
    ["tljh_pre_spawn: soon", "must be a whole number of seconds from 1 to 86400"],
    ["tljh_pre_spawn: 86401", "must be a whole number of seconds from 1 to 86400"],
  ])("refuses %j", (line, message) => {
    expect(() => parseConfig(`plugins: {hook_timeout: {${line}}}\n`)).toThrow(message);
  });
});
