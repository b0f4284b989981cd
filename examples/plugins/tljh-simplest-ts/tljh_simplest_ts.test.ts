import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PluginManager } from "@tljh/pluggy";
import { hookspecs, type JupyterHubConfig, type TljhConfig, type TljhHooks } from "tljh/hooks";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tljh-simplest-"));
  vi.resetModules();
  vi.stubEnv("TLJH_SIMPLEST_NEW_USER_FILE", join(folder, "new-users"));
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function register(): Promise<PluginManager<TljhHooks>> {
  const manager = new PluginManager<TljhHooks>("tljh");
  manager.addHookspecs(hookspecs);
  manager.register(await import("./tljh_simplest_ts.ts"), "simplest-ts");
  return manager;
}

const settings = {};

it("implements every hook", async () => {
  const manager = await register();
  expect(manager.getHooks("simplest-ts").sort()).toEqual(Object.keys(hookspecs).sort());
});

it("asks for one package of each kind, and for no channel", async () => {
  const { hook } = await register();
  expect(hook.tljh_extra_apt_packages({ settings })).toEqual([["figlet"]]);
  expect(hook.tljh_extra_hub_pip_packages({ settings })).toEqual([["tabulate"]]);
  expect(hook.tljh_extra_user_conda_packages({ settings })).toEqual([["ruamel.yaml"]]);
  expect(hook.tljh_extra_user_pip_packages({ settings })).toEqual([["colorama"]]);
  expect(hook.tljh_extra_user_conda_channels({ settings })).toEqual([]);
});

it("has a section of its own in config.yaml", async () => {
  const { hook } = await register();
  expect(hook.tljh_settings_schema({})).toMatchObject([
    { section: "simplest-ts", keys: { greeting: { default: "Hello" } } },
  ]);
});

it("asks for the channel that the environment names", async () => {
  vi.stubEnv("TLJH_SIMPLEST_CHANNEL", "http://127.0.0.1/channel");
  const { hook } = await register();
  expect(hook.tljh_extra_user_conda_channels({ settings })).toEqual([["http://127.0.0.1/channel"]]);
});

it("changes both configurations", async () => {
  const { hook } = await register();
  const config: TljhConfig = { users: { admin: ["ada"] } };
  hook.tljh_config_post_install({ config, settings });
  expect(config).toEqual({
    users: { admin: ["ada"] },
    TestTs: { tljh_config_set_by_simplest_ts_plugin: true },
  });
  const environment = { update: vi.fn() };
  const c = { TestTs: {}, Spawner: { environment } } as unknown as JupyterHubConfig;
  hook.tljh_custom_jupyterhub_config({ c, settings });
  expect(c.TestTs).toEqual({ jupyterhub_config_set_by_simplest_ts_plugin: true });
  expect(environment.update).toHaveBeenCalledWith({ TLJH_SIMPLEST_TS: "set" });
});

it("notes each new account in a line of its own", async () => {
  const { hook } = await register();
  hook.tljh_new_user_create({ username: "jupyter-ada", settings });
  hook.tljh_new_user_create({ username: "jupyter-eve", settings });
  expect(await readFile(join(folder, "new-users"), "utf8")).toBe(
    "file_written_by_simplest_ts_plugin jupyter-ada\nfile_written_by_simplest_ts_plugin jupyter-eve\n",
  );
});

it("notes a user who is removed, and sets a variable for a server that starts", async () => {
  const { hook } = await register();
  hook.tljh_user_removed({ username: "jupyter-ada", settings });
  expect(await readFile(join(folder, "new-users-removed"), "utf8")).toContain("jupyter-ada\n");
  const environment: Record<string, string> = { LANG: "C" };
  hook.tljh_pre_spawn({ username: "jupyter-ada", environment, settings: { greeting: "Hi" } });
  expect(environment).toEqual({
    LANG: "C",
    TLJH_SIMPLEST_TS_SPAWN: "jupyter-ada",
    TLJH_SIMPLEST_TS_GREETING: "Hi",
  });
  expect(hook.tljh_health_checks({ settings })).toMatchObject([[{ status: "ok" }]]);
});

it("has a program tried in a changed environment", async () => {
  const { hook } = await register();
  const [[check] = []] = hook.tljh_user_environment_checks({ settings });
  expect(check?.command).toEqual(["jupyter", "--version"]);
});

it("leaves a file where it was installed from", async () => {
  const { hook } = await register();
  const file = "test_tljh_post_install_ts";
  const before = await readFile(file).catch(() => null);
  expect(before).toBeNull();
  try {
    hook.tljh_post_install({ settings });
    expect(await readFile(file, "utf8")).toBe("file_written_by_simplest_ts_plugin");
  } finally {
    await rm(file, { force: true });
  }
});
