import { expect, it } from "vitest";
import { hookimpl } from "../hooks.ts";
import { callNewUserCreate, callPostInstall } from "./calls.ts";
import { createHookManager } from "./manager.ts";

it("names plugin and hook when tljh_post_install fails", async () => {
  const manager = createHookManager();
  const tljh_post_install = hookimpl(async () => Promise.reject(new Error("disk full")));
  manager.register({ tljh_post_install }, "big");
  const all = new Set(["big"]);
  await expect(callPostInstall(manager, all, { stop: true })).rejects.toMatchObject({
    message: "Plugin big failed in tljh_post_install: Error: disk full",
    plugin: "big",
    hook: "tljh_post_install",
  });
});

it("goes on after a tljh_post_install that fails where that is wanted, and says which", async () => {
  const manager = createHookManager();
  const called: string[] = [];
  const calling = (name: string) => ({
    tljh_post_install: hookimpl(() => {
      called.push(name);
      if (name === "bad") throw new Error("disk full");
    }),
  });
  for (const name of ["good", "bad", "other"]) manager.register(calling(name), name);
  const failures = await callPostInstall(manager, new Set(["good", "bad"]), { stop: false });
  expect(called).toEqual(["bad", "good"]);
  expect(failures).toMatchObject([{ plugin: "bad", hook: "tljh_post_install" }]);
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
