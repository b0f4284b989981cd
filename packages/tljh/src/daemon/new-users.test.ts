import { expect, test } from "vitest";
import { NewUserHook, type NewUserPlugins, type PluginOutcome } from "./new-users.ts";

type Outcomes = (args: { username: string }) => Promise<readonly PluginOutcome[]>;

function setup(allSettled: Outcomes, patience?: number) {
  const lines: string[] = [];
  let loads = 0;
  let closed = 0;
  const load = async (): Promise<NewUserPlugins> => {
    loads++;
    return {
      manager: { hook: { tljh_new_user_create: { allSettled } } },
      close: async () => void closed++,
    };
  };
  const log = (level: string, message: string, fields = {}) =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  return { hook: new NewUserHook(load, log, patience), lines, counts: () => ({ loads, closed }) };
}

const failed = (plugin: string, error: unknown): PluginOutcome => ({
  plugin,
  status: "rejected",
  error,
});

test("plugins are told the account's name, and are loaded once", async () => {
  const names: string[] = [];
  const { hook, counts } = setup(async ({ username }) => {
    names.push(username);
    return [{ plugin: "quota", status: "fulfilled" }];
  });
  await hook.welcome("jupyter-alice");
  await hook.welcome("jupyter-bob");
  expect([names, counts().loads]).toEqual([["jupyter-alice", "jupyter-bob"], 1]);
});

test("a plugin that fails is named in the log and does not fail the login", async () => {
  const { hook, lines } = setup(async () => [failed("quota", new Error("no disk"))]);
  await hook.welcome("jupyter-alice");
  expect(lines.join()).toMatch(
    /^error .*"account":"jupyter-alice","plugin":"quota","error":"no disk"/,
  );
});

test("plugins that cannot be loaded do not fail the login, and are tried again", async () => {
  let loads = 0;
  const lines: string[] = [];
  const load = async () => {
    loads++;
    throw new Error("broken");
  };
  const hook = new NewUserHook(load, (_, message) => lines.push(message));
  await hook.welcome("a");
  await hook.welcome("b");
  expect([loads, lines.length]).toEqual([2, 2]);
});

test("when the Python host is gone, the next user gets a new one", async () => {
  const gone = new Error("wrapped", {
    cause: Object.assign(new Error("gone"), { code: "PLUGIN_HOST_ENDED" }),
  });
  const { hook, counts } = setup(async () => [failed("quota", gone)]);
  await hook.welcome("a");
  await hook.welcome("b");
  expect(counts()).toEqual({ loads: 2, closed: 2 });
});

test("a plugin that never ends does not keep the user out", async () => {
  const { hook, lines } = setup(() => new Promise(() => {}), 5);
  await hook.welcome("jupyter-alice");
  expect(lines.join()).toContain("the login goes on");
});

test("closing ends what was loaded", async () => {
  const { hook, counts } = setup(async () => []);
  await hook.close();
  await hook.welcome("a");
  await hook.close();
  expect(counts().closed).toBe(1);
});
