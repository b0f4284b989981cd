import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, expectTypeOf, it } from "vitest";
import { hookimpl, settings, type TljhConfig } from "./hooks.ts";
import { sandbox } from "./plugins/fixtures.ts";
import { type ConfigTree, loadPlugin } from "./testing.ts";

const example = join(import.meta.dirname, "../../../examples/plugins/tljh-simplest-ts");

describe("a plugin under test", () => {
  it("is a folder, by its manifest", async () => {
    for (const folder of [example, pathToFileURL(`${example}/`)]) {
      const plugin = await loadPlugin(folder);
      expect(plugin.name).toBe("simplest-ts");
      expect(await plugin.call("tljh_extra_apt_packages")).toEqual(["figlet"]);
    }
  });

  it("is a module, with its default export", async () => {
    const tljh_extra_apt_packages = hookimpl(() => ["sl"]);
    const plugin = await loadPlugin({ default: { tljh_extra_apt_packages }, other: 1 });
    expect(plugin.hooks).toEqual(["tljh_extra_apt_packages"]);
    expect(await plugin.call("tljh_extra_apt_packages")).toEqual(["sl"]);
  });

  it("is one of a folder's by its name", async () => {
    const manifest = { name: "tljh-two", tljh: { plugins: { one: "./p.mjs", two: "./p.mjs" } } };
    await using box = await sandbox({ "package.json": JSON.stringify(manifest), "p.mjs": "" });
    expect((await loadPlugin(box.folder, { name: "two" })).name).toBe("two");
    for (const options of [{}, { name: "three" }])
      await expect(loadPlugin(box.folder, options)).rejects.toMatchObject({
        code: "PLUGIN_NOT_THE_ONLY",
        remedy: "Give the name of one of them: one, two.",
      });
  });

  it("is refused as an installation would", async () => {
    const tljh_extra_snap_packages = hookimpl(() => ["x"]);
    await expect(loadPlugin({ tljh_extra_snap_packages })).rejects.toMatchObject({
      code: "PLUGGY_HOOK_UNKNOWN",
    });
  });

  it("says which hooks it has when one is called that it has not", async () => {
    const plugin = await loadPlugin({ tljh_post_install: hookimpl(() => {}) }, { name: "stars" });
    await expect(plugin.call("tljh_extra_apt_packages")).rejects.toMatchObject({
      code: "PLUGIN_HOOK_MISSING",
      message: "Plugin stars does not implement tljh_extra_apt_packages",
      remedy: expect.stringContaining("It implements tljh_post_install."),
    });
  });
});

describe("a hook that is called in a test", () => {
  it("gives its list with each entry once, and none for nothing", async () => {
    const plugin = await loadPlugin({
      tljh_extra_apt_packages: hookimpl(() => ["sl", "figlet", "sl"]),
      tljh_extra_user_pip_packages: hookimpl((): void => {}),
    });
    expect(await plugin.call("tljh_extra_apt_packages")).toEqual(["sl", "figlet"]);
    expect(await plugin.call("tljh_extra_user_pip_packages")).toEqual([]);
  });

  it("fails for a list that makes no sense", async () => {
    const plugin = await loadPlugin({ tljh_extra_apt_packages: hookimpl(() => ["-y"]) });
    await expect(plugin.call("tljh_extra_apt_packages")).rejects.toMatchObject({
      code: "PLUGIN_RESULT_ENTRY_INVALID",
      message: expect.stringContaining("plugin answered tljh_extra_apt_packages with a list that"),
    });
  });

  it("gives config as it leaves it, and the test's own stays as it is", async () => {
    const plugin = await loadPlugin({
      tljh_config_post_install: hookimpl(({ config }) => {
        config.limits = { ...config.limits, cpu: 2 };
      }),
    });
    const config = { limits: { memory: "1G" } };
    const after = await plugin.call("tljh_config_post_install", { config });
    expectTypeOf(after).toEqualTypeOf<TljhConfig>();
    expect(after).toEqual({ limits: { memory: "1G", cpu: 2 } });
    expect(config).toEqual({ limits: { memory: "1G" } });
  });

  it("fails for a config that config.yaml cannot hold", async () => {
    const plugin = await loadPlugin({
      tljh_config_post_install: hookimpl(({ config }) => {
        config.quota = new Date(0) as never;
      }),
    });
    await expect(plugin.call("tljh_config_post_install")).rejects.toMatchObject({
      code: "PLUGIN_CONFIG_NOT_DATA",
    });
  });

  it("gives c as a tree, with what was set before", async () => {
    const plugin = await loadPlugin({
      tljh_custom_jupyterhub_config: hookimpl(({ c }) => {
        c.Spawner.args.append("--debug");
        c.JupyterHub.services.append({ name: "grader" });
      }),
    });
    const after = await plugin.call("tljh_custom_jupyterhub_config", {
      c: { Spawner: { args: ["-v"] } },
    });
    expectTypeOf(after).toEqualTypeOf<ConfigTree>();
    expect(after).toEqual({
      Spawner: { args: ["-v", "--debug"] },
      JupyterHub: { services: [{ name: "grader" }] },
    });
  });

  it("gives the environment as it leaves it", async () => {
    const plugin = await loadPlugin({
      tljh_pre_spawn: hookimpl(({ username, environment }) => {
        environment.SCRATCH = `/scratch/${username}`;
      }),
    });
    const environment = { LANG: "C" };
    const given = { username: "jupyter-ada", environment };
    expect(await plugin.call("tljh_pre_spawn", given)).toEqual({
      LANG: "C",
      SCRATCH: "/scratch/jupyter-ada",
    });
    expect(environment).toEqual({ LANG: "C" });
  });

  it("gives what it finds of the server's health", async () => {
    const { call } = await loadPlugin(example);
    expect(await call("tljh_health_checks")).toMatchObject([{ status: "ok" }]);
    const nonsense = hookimpl(() => [{ name: "disk", status: "fine" }] as never);
    const plugin = await loadPlugin({ tljh_health_checks: nonsense });
    await expect(plugin.call("tljh_health_checks")).rejects.toMatchObject({
      code: "PLUGIN_HEALTH_INVALID",
    });
  });

  it("gives what it has tried in a changed environment", async () => {
    const { call } = await loadPlugin(example);
    expect(await call("tljh_user_environment_checks")).toMatchObject([{ name: "Jupyter starts" }]);
    const nonsense = hookimpl(() => [{ name: "stars", command: "stars" }] as never);
    const plugin = await loadPlugin({ tljh_user_environment_checks: nonsense });
    await expect(plugin.call("tljh_user_environment_checks")).rejects.toMatchObject({
      code: "PLUGIN_CHECKS_INVALID",
    });
  });

  describe("and its settings", () => {
    const quota = settings("quota", {
      gigabytes: { type: "integer", minimum: 1, default: 10, description: "Disk space." },
    });
    const module = {
      tljh_settings_schema: quota.schema,
      tljh_extra_apt_packages: quota.hookimpl(({ settings }) => [`quota-${settings.gigabytes}`]),
    };

    it("are those of the test, with defaults", async () => {
      for (const [given, packages] of [
        [{}, ["quota-10"]],
        [{ settings: { gigabytes: 5 } }, ["quota-5"]],
      ] as const) {
        const plugin = await loadPlugin(module, given);
        expect(await plugin.call("tljh_extra_apt_packages")).toEqual(packages);
      }
    });

    it("are declared", async () => {
      const { call } = await loadPlugin(module);
      expect(await call("tljh_settings_schema")).toMatchObject({ section: "quota" });
    });

    it("must be what an administrator could write", async () => {
      for (const [plugin, gigabytes] of [
        [module, 0],
        [module, "many"],
        [{}, 5],
      ] as const)
        await expect(
          loadPlugin(plugin, { name: "disks", settings: { gigabytes } }),
        ).rejects.toMatchObject({
          code: "PLUGIN_TEST_SETTINGS",
          message: expect.stringContaining("gives plugin disks are wrong: "),
        });
    });
  });

  it("rejects with what it throws", async () => {
    const plugin = await loadPlugin({
      tljh_new_user_create: hookimpl(({ username }) => {
        throw new Error(`no room for ${username}`);
      }),
    });
    const called = plugin.call("tljh_new_user_create", { username: "jupyter-ada" });
    await expect(called).rejects.toMatchObject({
      cause: expect.objectContaining({ message: "no room for jupyter-ada" }),
    });
  });

  it("does not compile without what it is to be given, or with something else", async () => {
    const { call } = await loadPlugin(example);
    type Call = typeof call<"tljh_new_user_create">;
    expectTypeOf<Parameters<Call>>().toEqualTypeOf<
      [hook: "tljh_new_user_create", { readonly username: string }]
    >();
    expectTypeOf<"tljh_nothing">().not.toExtend<Parameters<typeof call>[0]>();
  });
});
