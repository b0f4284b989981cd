import { PluginManager } from "@tljh/pluggy";
import { hookspecs, type TljhHooks } from "tljh/hooks";
import { expect, it } from "vitest";
import * as simple from "./tljh_simple.ts";

const settings = {};

it("adds three conda packages and nothing else", () => {
  const manager = new PluginManager<TljhHooks>("tljh");
  manager.addHookspecs(hookspecs);
  manager.register(simple, "simple");
  expect(manager.getHooks("simple")).toEqual(["tljh_extra_user_conda_packages"]);
  expect(manager.hook.tljh_extra_user_conda_packages({ settings })).toEqual([
    ["xarray", "dask", "tqdm"],
  ]);
});
