import { describe, expect, it } from "vitest";
import { hookimpl, type TljhConfig } from "../hooks.ts";
import { callConfigPostInstall, callNewUserCreate, callPostInstall } from "./calls.ts";
import { createHookManager } from "./manager.ts";

function changing(...changes: ((config: TljhConfig) => void)[]) {
  const manager = createHookManager();
  for (const [index, change] of changes.entries()) {
    const tljh_config_post_install = hookimpl(({ config }) => change(config));
    manager.register({ tljh_config_post_install }, `p${index}`);
  }
  return manager;
}

describe("tljh_config_post_install", () => {
  it("gives back what plugins changed and leaves the given map as it is", async () => {
    const before = { users: { admin: ["ada"] } };
    const manager = changing((config) => config.users?.admin?.push("eve"));
    expect(await callConfigPostInstall(manager, before)).toEqual({
      users: { admin: ["ada", "eve"] },
    });
    expect(before).toEqual({ users: { admin: ["ada"] } });
  });

  it("lets each plugin see what those before it changed", async () => {
    const manager = changing(
      (config) => {
        config.seen = config.quota ?? null;
      },
      (config) => {
        config.quota = 3;
      },
    );
    expect(await callConfigPostInstall(manager, {})).toEqual({ quota: 3, seen: 3 });
  });

  it.each([
    ["a date", new Date(0)],
    ["a function", () => 1],
    ["not a number", Number.NaN],
    ["a map", new Map()],
  ])("refuses %s in config", async (_title, value) => {
    const manager = changing((config) => {
      config.quota = { deep: [value as never] };
    });
    await expect(callConfigPostInstall(manager, {})).rejects.toMatchObject({
      code: "PLUGIN_CONFIG_NOT_DATA",
      message: expect.stringMatching(/at quota\.deep\.0, .*implemented by p0/),
    });
  });

  it("refuses a map that holds itself", async () => {
    const manager = changing((config) => {
      config.self = config;
    });
    await expect(callConfigPostInstall(manager, {})).rejects.toMatchObject({
      code: "PLUGIN_CONFIG_NOT_DATA",
    });
  });
});

it("names plugin and hook when tljh_post_install fails", async () => {
  const manager = createHookManager();
  const tljh_post_install = hookimpl(async () => Promise.reject(new Error("disk full")));
  manager.register({ tljh_post_install }, "big");
  await expect(callPostInstall(manager)).rejects.toMatchObject({
    message: "Plugin big failed in tljh_post_install: Error: disk full",
    plugin: "big",
    hook: "tljh_post_install",
  });
});

it("calls tljh_new_user_create of every plugin though one fails", async () => {
  const manager = createHookManager();
  const seen: string[] = [];
  manager.register(
    { tljh_new_user_create: hookimpl(({ username }) => void seen.push(username)) },
    "a",
  );
  const tljh_new_user_create = hookimpl(() => {
    throw new Error("no");
  });
  manager.register({ tljh_new_user_create }, "b");
  expect(await callNewUserCreate(manager, "jupyter-ada")).toMatchObject([
    { plugin: "b", status: "rejected" },
    { plugin: "a", status: "fulfilled" },
  ]);
  expect(seen).toEqual(["jupyter-ada"]);
});
