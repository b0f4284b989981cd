import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CheckReport } from "../../authors/check/report.ts";
import { pluginFolder, type Sandbox, sandbox } from "../../plugins/fixtures.ts";
import { run } from "../main.ts";
import { checkText } from "./check-text.ts";

const report: CheckReport = {
  plugins: [
    {
      name: "stars",
      version: "1.0.0",
      language: "typescript",
      source: "/x/tljh-stars",
      hooks: [
        {
          hook: "tljh_config_post_install",
          milliseconds: 3,
          outcome: {
            kind: "config",
            changes: [
              { path: "limits.memory", before: "1G", after: "2G" },
              { path: "users", before: {} },
              { path: "quota", after: 1 },
            ],
          },
        },
        {
          hook: "tljh_extra_apt_packages",
          milliseconds: 12,
          outcome: { kind: "list", entries: ["sl", "figlet"] },
        },
        {
          hook: "tljh_extra_user_pip_packages",
          milliseconds: 1,
          outcome: { kind: "list", entries: [] },
        },
        {
          hook: "tljh_settings_schema",
          milliseconds: 1,
          outcome: {
            kind: "settings",
            declaration: {
              section: "stars",
              keys: { app: { type: "string", description: "It." } },
            },
          },
        },
        {
          hook: "tljh_custom_jupyterhub_config",
          milliseconds: 2,
          outcome: { kind: "jupyterhub", changes: [{ trait: "Spawner.args", value: ["-v"] }] },
        },
        { hook: "tljh_post_install", milliseconds: null, outcome: { kind: "not called" } },
        { hook: "tljh_health_checks", milliseconds: 4, outcome: { kind: "failed" } },
      ],
    },
  ],
  problems: [
    {
      plugin: "stars",
      hook: "tljh_health_checks",
      code: "PLUGGY_HOOK_FAILED",
      message: "Plugin stars failed",
      remedy: "Mend it.",
      place: { file: "/elsewhere/stars.ts", line: 7 },
    },
  ],
  difference: [
    {
      id: "x",
      title: "User environment",
      differences: [{ action: "add", what: "xarray 2025.1", because: "stars" }],
      unknown: null,
    },
  ],
};

it("a report tells what each hook came to, what it would change, and what is wrong and where", () => {
  expect(checkText(report)).toBe(`stars 1.0.0, in TypeScript
  tljh_config_post_install  3 ms
    limits.memory: "1G" → "2G"
    users: {} → not set
    quota: not set → 1
  tljh_extra_apt_packages  12 ms
    sl
    figlet
  tljh_extra_user_pip_packages  1 ms
    nothing
  tljh_settings_schema  1 ms
    stars.app (string): It.
  tljh_custom_jupyterhub_config  2 ms
    c.Spawner.args = ["-v"]
  tljh_post_install
    not called: it acts
  tljh_health_checks  4 ms
    failed, see below

What sudo tljh apply would do besides, with it:
  User environment
    + xarray 2025.1  (wanted by stars)

problem: Plugin stars failed
at: /elsewhere/stars.ts:7
what to do: Mend it.
code: PLUGGY_HOOK_FAILED

1 problem.
`);
});

it("a report of a plugin without problems says so, and where it would change nothing", () => {
  const plugins = report.plugins.map((plugin) => ({ ...plugin, hooks: [] }));
  expect(checkText({ plugins, problems: [], difference: [] })).toBe(`stars 1.0.0, in TypeScript
  it implements no hook

Installed, it would change nothing on this server.

No problems.
`);
});

describe("tljh plugin check", () => {
  let box: Sandbox;
  let out = "";

  beforeEach(async () => {
    const good = `import { hookimpl } from "tljh/hooks";
      export const tljh_extra_apt_packages = hookimpl(() => ["sl"]);`;
    box = await sandbox({
      good: pluginFolder("good", good),
      bad: pluginFolder("bad", good.replace(`["sl"]`, `"sl" as never`)),
    });
    out = "";
    vi.stubEnv("TLJH_INSTALL_PREFIX", box.paths.prefix);
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      out += text;
      return true;
    });
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    await box[Symbol.asyncDispose]();
  });

  it("ends with 0 where nothing is wrong, without a server too", async () => {
    expect(await run(["plugin", "check", join(box.folder, "good")])).toBe(0);
    expect(out).toContain("No problems.");
  });

  it("ends with 1 where something is, and tells it as data with --json", async () => {
    expect(await run(["plugin", "check", join(box.folder, "bad"), "--json"])).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      plugins: [{ name: "bad" }],
      problems: [
        {
          code: "PLUGIN_RESULT_NOT_A_LIST",
          place: { file: join(box.folder, "bad", "plugin.ts"), line: 2 },
        },
      ],
      difference: null,
    });
  });
});
