import { PluginManager } from "@tljh/pluggy";
import { expect, expectTypeOf, it } from "vitest";
import {
  hookimpl,
  hookspecs,
  type JupyterHubConfig,
  project,
  type TljhConfig,
  type TljhHooks,
  type TljhPlugin,
} from "./hooks.ts";

it("specifies the nine hooks of the original, and five more", () => {
  expect(Object.keys(hookspecs)).toHaveLength(14);
  expectTypeOf<keyof typeof hookspecs>().toEqualTypeOf<keyof TljhHooks>();
});

it("marks what the manager recognises", () => {
  const manager = new PluginManager<TljhHooks>(project);
  manager.addHookspecs(hookspecs);
  manager.register({ tljh_extra_apt_packages: hookimpl(() => ["sl"]) }, "a");
  expect(manager.hook.tljh_extra_apt_packages({ settings: {} })).toEqual([["sl"]]);
});

it("gives implementations typed arguments", () => {
  const plugin: TljhPlugin = {
    tljh_new_user_create: hookimpl(({ username }) => void expectTypeOf(username).toBeString()),
    tljh_config_post_install: hookimpl(({ config }) => {
      expectTypeOf(config).toEqualTypeOf<TljhConfig>();
      config.limits ??= {};
      config.limits.memory ??= "1G";
      config.quota = { default: 3, groups: ["a"] };
    }),
    tljh_custom_jupyterhub_config: hookimpl(({ c }) => {
      expectTypeOf(c).toEqualTypeOf<JupyterHubConfig>();
      c.JupyterHub.services.append({ name: "grader" });
      c.KubeSpawner.image = "x";
    }),
  };
  expect(Object.keys(plugin)).toHaveLength(3);
});

it("does not compile a wrong argument or result", () => {
  // @ts-expect-error: no hook has such an argument
  hookimpl(({ user }) => user);
  // @ts-expect-error: a string where a list is meant
  hookimpl(() => "xarray");
  // @ts-expect-error: tljh_post_install has no such argument
  hookimpl<"tljh_post_install">(({ username }) => console.log(username));
  expect(hookimpl).toBeTypeOf("function");
});
