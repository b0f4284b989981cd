import { expect, it } from "vitest";
import { pluginUnknown } from "../../errors/plugin-commands.ts";
import type { Ledger } from "../../plugins/index.ts";
import { type Findings, viewPlugins } from "./view.ts";

const error = pluginUnknown("x", undefined, []);

const nothing: Findings = {
  inventory: [
    {
      package: "tljh-stars",
      version: "1.2.0",
      language: "typescript",
      request: { spec: "npm:https://ada:hush@example.org/stars.tgz", kind: "npm" },
      plugins: ["stars", "moons"],
    },
  ],
  loaded: null,
  disabled: [],
  ledger: null,
  reports: [],
};

const view = (more: Partial<Findings>) => viewPlugins({ ...nothing, ...more })[0];

it("of which nothing more is known are shown by what is on disk, without passwords", () => {
  expect(viewPlugins(nothing)).toEqual(
    ["stars", "moons"].map((name) => ({
      name,
      package: "tljh-stars",
      version: "1.2.0",
      language: "typescript",
      from: "npm:https://example.org/stars.tgz",
      hooks: null,
      status: "active",
      problems: [],
      contributed: null,
    })),
  );
});

it("that were loaded are shown with their hooks", () => {
  const list = [
    {
      name: "stars",
      version: "1",
      language: "typescript",
      source: "x",
      hooks: ["tljh_post_install"],
    },
  ] as const;
  expect(view({ loaded: { list, failures: [] } })?.hooks).toEqual(["tljh_post_install"]);
});

it("that fail are shown with the reason, told once, and the hook where it was one", () => {
  const failures = [{ name: "stars", source: "x", error }];
  const { message, remedy } = error;
  const same = { plugin: "stars", hook: null, code: "PLUGIN_UNKNOWN", message, remedy, at: "" };
  const hook = { ...same, hook: "tljh_post_install", message: "disk full" };
  const found = view({ loaded: { list: [], failures }, reports: [same, hook] });
  expect(found).toMatchObject({ status: "failing" });
  expect(found?.problems).toEqual([
    { code: "PLUGIN_UNKNOWN", message, remedy, hook: null },
    { code: "PLUGIN_UNKNOWN", message: "disk full", remedy, hook: "tljh_post_install" },
  ]);
});

it("that are disabled are shown so, whatever failed of them before", () => {
  const reports = [{ plugin: "stars", hook: null, code: "X", message: "m", remedy: "r", at: "" }];
  expect(view({ disabled: ["stars"], reports })).toMatchObject({
    status: "disabled",
    problems: [],
  });
});

it("that are not installed, or whose package is broken, are shown all the same", () => {
  const [one] = nothing.inventory;
  const absent = { ...one, version: null, plugins: [] } as Findings["inventory"][number];
  expect(view({ inventory: [absent] })).toMatchObject({
    name: "tljh-stars",
    status: "not installed",
  });
  expect(view({ inventory: [{ ...absent, error: new Error("not JSON") }] })).toMatchObject({
    status: "failing",
    problems: [{ code: "PLUGIN_FAILED", message: expect.stringContaining("not JSON") }],
  });
});

it("are shown with what they contributed; of config.yaml only the keys, for values may be secret", () => {
  const ledger = {
    plugins: [
      {
        name: "stars",
        aptPackages: ["figlet"],
        hubPipPackages: [],
        userCondaPackages: ["xarray"],
        userCondaChannels: [],
        userPipPackages: [],
        config: [{ path: ["auth", "Class", "secret"], value: "hush" }],
      },
    ],
  } as unknown as Ledger;
  expect(view({ ledger })?.contributed).toEqual({
    aptPackages: ["figlet"],
    hubPipPackages: [],
    userCondaPackages: ["xarray"],
    userCondaChannels: [],
    userPipPackages: [],
    config: ["auth.Class.secret"],
  });
});
