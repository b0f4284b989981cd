import { expect, test } from "vitest";
import { hookimpl, type TljhPlugin } from "../hooks.ts";
import { createHookManager } from "../plugins/manager.ts";
import { mergeReport, type ReportedFailure } from "../plugins/reports.ts";
import { PluginSet } from "./plugin-set.ts";
import { UserHooks } from "./user-hooks.ts";

/** Plugins are called in the order in which they stand here. */
function setup(plugins: Readonly<Record<string, TljhPlugin>>, load = async () => {}) {
  const lines: string[] = [];
  const state: { report: readonly ReportedFailure[]; brokenDisk: boolean } = {
    report: [],
    brokenDisk: false,
  };
  const manager = createHookManager();
  for (const [name, plugin] of Object.entries(plugins).toReversed()) manager.register(plugin, name);
  const set = new PluginSet(
    async () => {
      await load();
      return { manager, close: async () => {} };
    },
    async () => "",
  );
  const hooks = new UserHooks({
    plugins: set,
    report: async (outcomes) => {
      if (state.brokenDisk) throw new Error("disk full");
      state.report = mergeReport(state.report, outcomes);
    },
    log: (level, message, fields = {}) =>
      void lines.push(`${level} ${message} ${JSON.stringify(fields)}`),
  });
  return { hooks, lines, state };
}

const never = () => new Promise<never>(() => {});
const fail = () => {
  throw new Error("no disk");
};
const set = (name: string, value: unknown) =>
  hookimpl<"tljh_pre_spawn">(({ environment }) => {
    Object.assign(environment, { [name]: value });
  });

test("every plugin is told of a new account, by its name", async () => {
  const told: string[] = [];
  const note = hookimpl<"tljh_new_user_create">(({ username }) => void told.push(username));
  const { hooks } = setup({ a: { tljh_new_user_create: note }, b: { tljh_new_user_create: note } });
  await hooks.welcome("jupyter-alice", 1000);
  expect(told).toEqual(["jupyter-alice", "jupyter-alice"]);
});

test("every plugin is told of a user who is gone, by the account's name", async () => {
  const told: string[] = [];
  const note = hookimpl<"tljh_user_removed">(({ username }) => void told.push(username));
  const { hooks } = setup({ a: { tljh_user_removed: note } });
  await hooks.farewell("jupyter-alice", 1000);
  expect(told).toEqual(["jupyter-alice"]);
});

test("a plugin that fails is named in the log and the report, and the others are called", async () => {
  const told: string[] = [];
  const note = hookimpl<"tljh_new_user_create">(({ username }) => void told.push(username));
  const { hooks, lines, state } = setup({
    quota: { tljh_new_user_create: hookimpl(fail) },
    b: { tljh_new_user_create: note },
  });
  await hooks.welcome("jupyter-alice", 1000);
  expect(told).toEqual(["jupyter-alice"]);
  expect(lines.join()).toMatch(/error a plugin's hook failed .*"plugin":"quota".*no disk/);
  expect(state.report).toMatchObject([
    {
      plugin: "quota",
      hook: "tljh_new_user_create",
      message: expect.stringContaining("no disk"),
    },
  ]);
});

test("a later success takes the failure out of the report", async () => {
  let works = false;
  const { hooks, state } = setup({
    quota: { tljh_new_user_create: hookimpl(() => (works ? undefined : fail())) },
  });
  await hooks.welcome("jupyter-alice", 1000);
  expect(state.report).toHaveLength(1);
  works = true;
  await hooks.welcome("jupyter-bob", 1000);
  expect(state.report).toEqual([]);
});

test("a plugin that never ends keeps nobody out, is reported, and the others are called meanwhile", async () => {
  const told: string[] = [];
  const note = hookimpl<"tljh_new_user_create">(({ username }) => void told.push(username));
  const { hooks, state } = setup({
    stuck: { tljh_new_user_create: hookimpl(never) },
    b: { tljh_new_user_create: note },
  });
  await hooks.welcome("jupyter-alice", 400);
  expect(told).toEqual(["jupyter-alice"]);
  expect(state.report).toMatchObject([{ plugin: "stuck", code: "PLUGIN_HOOK_LATE" }]);
});

test("a plugin that ends later after all leaves the report", async () => {
  let end = () => {};
  const slow = hookimpl(
    () => new Promise<undefined>((resolve) => (end = () => resolve(undefined))),
  );
  const { hooks, state } = setup({ slow: { tljh_new_user_create: slow } });
  await hooks.welcome("jupyter-alice", 400);
  expect(state.report).toMatchObject([{ plugin: "slow" }]);
  end();
  await expect.poll(() => state.report).toEqual([]);
});

test("plugins that take too long to load keep nobody out, and are called once they are there", async () => {
  let loaded = () => {};
  const told: string[] = [];
  const note = hookimpl<"tljh_new_user_create">(({ username }) => void told.push(username));
  const { hooks, lines } = setup(
    { a: { tljh_new_user_create: note } },
    () => new Promise<void>((resolve) => (loaded = resolve)),
  );
  await hooks.welcome("jupyter-alice", 5);
  expect(lines.join()).toContain("the user waits no longer");
  expect(told).toEqual([]);
  loaded();
  await expect.poll(() => told).toEqual(["jupyter-alice"]);
});

test("plugins that cannot be loaded, and a report that cannot be written, keep nobody out", async () => {
  const broken = setup({}, fail);
  await broken.hooks.welcome("jupyter-alice", 1000);
  expect(broken.lines.join()).toMatch(/error plugins were not called .*no disk/);
  const full = setup({ a: { tljh_new_user_create: hookimpl(fail) } });
  full.state.brokenDisk = true;
  await full.hooks.welcome("jupyter-alice", 1000);
  expect(full.lines.join()).toMatch(/failures of plugins cannot be reported .*disk full/);
});

test("each plugin prepares what those before it have left of the environment", async () => {
  const { hooks } = setup({
    a: { tljh_pre_spawn: set("A", "1") },
    b: {
      tljh_pre_spawn: hookimpl(({ environment, username }) => {
        environment.B = `${username} ${environment.A}`;
        delete environment.OLD;
      }),
    },
  });
  const environment = await hooks.prepare("jupyter-alice", { OLD: "x", PATH: "/bin" }, 1000);
  expect(environment).toEqual({ PATH: "/bin", A: "1", B: "jupyter-alice 1" });
});

test("what a failing plugin did to the environment is dropped, and the given one is never changed", async () => {
  const { hooks, state } = setup({
    a: { tljh_pre_spawn: set("A", "1") },
    bad: {
      tljh_pre_spawn: hookimpl(({ environment }) => {
        environment.BAD = "1";
        delete environment.A;
        fail();
      }),
    },
  });
  const before = Object.freeze({ PATH: "/bin" });
  expect(await hooks.prepare("jupyter-alice", before, 1000)).toEqual({ PATH: "/bin", A: "1" });
  expect(state.report).toMatchObject([{ plugin: "bad", hook: "tljh_pre_spawn" }]);
});

test("variables that cannot be passed are refused by the plugin's name, without their values", async () => {
  const { hooks, state, lines } = setup({
    a: { tljh_pre_spawn: set("NOT A NAME", "hunter2") },
    b: { tljh_pre_spawn: set("JUPYTERHUB_API_TOKEN", "hunter2") },
    c: { tljh_pre_spawn: set("C", "1") },
  });
  const before = { JUPYTERHUB_API_TOKEN: "secret" };
  expect(await hooks.prepare("jupyter-alice", before, 1000)).toEqual({ ...before, C: "1" });
  expect(state.report).toMatchObject([
    {
      plugin: "a",
      code: "PLUGIN_ENVIRONMENT_REFUSED",
      message: expect.stringContaining('"NOT A NAME" is no name of a variable'),
    },
    { plugin: "b", message: expect.stringContaining("is JupyterHub's own") },
  ]);
  expect([...lines, JSON.stringify(state.report)].join()).not.toMatch(/hunter2|secret/);
});

test("many refused variables are told in a few words", async () => {
  const wild = hookimpl<"tljh_pre_spawn">(({ environment }) => {
    for (let at = 0; at < 1000; at++) environment[`-${at}`] = "x";
  });
  const { hooks, state } = setup({ wild: { tljh_pre_spawn: wild } });
  await hooks.prepare("jupyter-alice", {}, 1000);
  expect(state.report[0]?.message).toContain("and 995 more");
  expect(state.report[0]?.message.length).toBeLessThan(500);
});

test("what a plugin makes of the environment after its time is dropped, and it stays in the report", async () => {
  let end = () => {};
  const slow = hookimpl<"tljh_pre_spawn">(async ({ environment }) => {
    await new Promise<void>((resolve) => (end = resolve));
    environment.LATE = "1";
  });
  const { hooks, state, lines } = setup({
    slow: { tljh_pre_spawn: slow },
    b: { tljh_pre_spawn: set("B", "1") },
  });
  expect(await hooks.prepare("jupyter-alice", {}, 400)).toEqual({ B: "1" });
  end();
  await expect.poll(() => lines.join()).toContain('"plugin":"slow"}');
  expect(state.report).toMatchObject([{ plugin: "slow", code: "PLUGIN_HOOK_LATE" }]);
});

test("plugins whose time has not come when the server starts are not called for it any more", async () => {
  let loaded = () => {};
  const { hooks, lines } = setup(
    { a: { tljh_pre_spawn: set("A", "1") } },
    () => new Promise<void>((resolve) => (loaded = resolve)),
  );
  expect(await hooks.prepare("jupyter-alice", { B: "1" }, 5)).toEqual({ B: "1" });
  loaded();
  await hooks.prepare("jupyter-bob", {}, 1000);
  expect(lines.filter((line) => line.includes("was called"))).toHaveLength(1);
});
