import { describe, expect, it } from "vitest";
import { hookimpl } from "../hooks.ts";
import { toReport, writeReport } from "../plugins/reports.ts";
import { findingsOf, type Sick, withServer } from "./fixtures.ts";
import { pluginHealth, plugins, reports } from "./plugins.ts";
import { readStatus } from "./status.ts";

const answering = (answer: unknown) => ({
  tljh_health_checks: hookimpl<"tljh_health_checks">(() => answer as never),
});
const found = (answer: unknown) =>
  findingsOf(pluginHealth, { plugins: { quota: answering(answer) } });

describe("what plugins look after", () => {
  it("is told with the plugin's name, and a remedy for all that is not ok", async () => {
    expect(
      await found([
        { name: "scratch", status: "ok", message: "is there", remedy: "none" },
        {
          name: "disk",
          status: "warning",
          message: "is\n nearly \u001b[31mfull",
          remedy: "Tidy up.",
        },
        { name: "quota", status: "error", message: "is off" },
      ]),
    ).toEqual([
      { status: "ok", message: "quota: scratch: is there", plugin: "quota" },
      {
        status: "warning",
        message: "quota: disk: is nearly [31mfull",
        remedy: "Tidy up.",
        plugin: "quota",
      },
      {
        status: "error",
        message: "quota: is off",
        remedy: "Ask the author of the plugin quota.",
        plugin: "quota",
      },
    ]);
  });

  it.each([
    ["fine", '"fine", not with a list'],
    [{}, "a map, not with a list"],
    [Array.from({ length: 1_000_000 }, () => 0), "1000000 findings, and 100 are allowed"],
    [[5], "a list that holds 5"],
    [[{ status: "ok", message: "x" }], "a finding whose name is missing"],
    [
      [{ name: "x", status: "green", message: "x" }],
      'the status "green"; it is ok, warning or error',
    ],
    [[{ name: "x", status: "ok", message: 5 }], "a finding whose message is 5"],
    [
      [{ name: "x", status: "ok", message: "x".repeat(1001) }],
      "a finding whose message is longer than 1000",
    ],
    [
      [{ name: "x", status: "error", message: "x", remedy: [] }],
      "a finding whose remedy is a list",
    ],
  ])("that makes no sense is a finding about the plugin", async (answer, wrong) => {
    const [first] = await found(answer);
    expect(first).toMatchObject({
      status: "error",
      code: "PLUGIN_HEALTH_INVALID",
      message: expect.stringContaining(`Plugin quota answered tljh_health_checks with ${wrong}`),
      plugin: "quota",
    });
    expect(first?.remedy).toContain("Let it return a list of findings");
  });

  it("is told of the others when one fails", async () => {
    const failing = hookimpl<"tljh_health_checks">(() => {
      throw new Error("no disk");
    });
    const sick = {
      plugins: {
        fine: answering([{ name: "x", status: "ok", message: "y" }]),
        broken: { tljh_health_checks: failing },
        silent: answering(null),
      },
    };
    expect(await findingsOf(pluginHealth, sick)).toMatchObject([
      {
        status: "error",
        message: expect.stringContaining("broken failed in tljh_health_checks"),
        plugin: "broken",
      },
      { status: "ok", plugin: "fine" },
    ]);
  });
});

const report: Sick["prepare"] = (paths) =>
  writeReport(paths.pluginReports, "hub-config", [
    toReport(
      "quota",
      "tljh_custom_jupyterhub_config",
      new Error("no disk"),
      new Date(2026, 10, 25),
    ),
  ]);

describe("what plugins did", () => {
  it("is told with hook, occasion, time and remedy where they failed", async () => {
    expect(await findingsOf(reports, { prepare: report })).toEqual([
      {
        status: "error",
        code: "PLUGIN_FAILED",
        message:
          "Plugin quota failed in tljh_custom_jupyterhub_config (when the hub was started, 2026-11-25 00:00): no disk",
        remedy: "Mend the plugin, or remove it.",
        plugin: "quota",
      },
    ]);
  });

  it("includes those that cannot be loaded, beside those that can", async () => {
    expect(await findingsOf(plugins, { plugins: { b: {}, a: {} } })).toEqual([
      { status: "ok", message: "Loaded: a, b" },
    ]);
    expect(
      await withServer({ plugins: { a: {} } }, async (context) => {
        const loaded = await context.plugins();
        const failures = [{ name: "broken", source: "x", error: new Error("no module") }];
        return plugins.look({ ...context, plugins: async () => ({ ...loaded, failures }) });
      }),
    ).toMatchObject([
      { status: "ok", message: "Loaded: a" },
      { status: "error", plugin: "broken", message: expect.stringContaining("no module") },
    ]);
  });
});

it("a plugin that cannot be loaded is told once, whoever has reported it too", async () => {
  const prepare: Sick["prepare"] = (paths) =>
    writeReport(paths.pluginReports, "daemon", [
      toReport("broken", null, new Error("no module")),
      toReport("broken", "tljh_pre_spawn", new Error("no disk")),
      toReport("other", null, new Error("no module")),
    ]);
  const told = await withServer({ prepare }, async (context) => {
    const loaded = await context.plugins();
    const failures = [{ name: "broken", source: "x", error: new Error("no module") }];
    return reports.look({ ...context, plugins: async () => ({ ...loaded, failures }) });
  });
  expect(told.map(({ message }) => message.slice(0, 34))).toEqual([
    "Plugin broken failed in tljh_pre_s",
    "Plugin other could not be loaded (",
  ]);
});

describe("the status", () => {
  it("has services, users' servers and plugins, and no problem where there is none", async () => {
    const machine = { activeUnits: async () => ["jupyter-a.service"] };
    const status = await withServer({ machine, plugins: { b: {}, a: {} } }, readStatus);
    expect(status).toMatchObject({
      servers: ["jupyter-a.service"],
      plugins: ["a", "b"],
      problems: [],
    });
    expect(status.services.map(({ name, up }) => [name, up])).toEqual([
      ["The daemon", true],
      ["The proxy", true],
      ["JupyterHub", true],
    ]);
  });

  it("tells what is down, what failed and what plugins say", async () => {
    const down = {
      known: true,
      active: false,
      state: "failed",
      enabled: true,
      since: null,
      restarts: 0,
    };
    const { problems, services } = await withServer(
      {
        machine: { unit: async () => down },
        plugins: { disk: answering([{ name: "x", status: "warning", message: "y" }]) },
        prepare: report,
      },
      readStatus,
    );
    expect(services.every(({ up }) => !up)).toBe(true);
    expect(problems.map(({ message }) => message)).toEqual([
      "The daemon's socket is not running: tljhd.socket is failed",
      "The daemon is not running: tljhd.service is failed",
      "The proxy is not running: tljh-proxy.service is failed",
      "JupyterHub is not running: jupyterhub.service is failed",
      expect.stringContaining("Plugin quota failed in"),
      "disk: x: y",
    ]);
  });
});
