import { describe, expect, it } from "vitest";
import { hookimpl, type TljhConfig } from "../../hooks.ts";
import type { ConfigWrite } from "../ledger/config-writes.ts";
import { createHookManager } from "../manager.ts";
import { askConfig, type ConfigQuestion } from "./config.ts";

type Change = (config: TljhConfig) => unknown;

/** Asks plugins, named by their place, about a configuration. */
function ask(
  config: Record<string, unknown>,
  changes: readonly Change[],
  question: Partial<ConfigQuestion> = {},
) {
  const manager = createHookManager();
  const plugins = changes.map((change, index) => {
    const tljh_config_post_install = hookimpl(({ config: given }) => void change(given));
    manager.register({ tljh_config_post_install }, `p${index}`);
    return `p${index}`;
  });
  const nothing = { earlier: () => [], isKept: () => false };
  return askConfig(manager, { config, plugins, ...nothing, ...question });
}

const earlier = (writes: readonly ConfigWrite[]) => ({ earlier: () => writes });

it("says what each plugin did, and leaves the given configuration as it is", async () => {
  const before = { users: { admin: ["ada"] } };
  const answers = await ask(before, [
    (config) => void config.users?.admin?.push("eve"),
    (config) => {
      config.quota = { disk: 3 };
      delete config.users;
    },
  ]);
  expect(answers.config).toEqual({ quota: { disk: 3 } });
  expect(answers.plugins).toEqual([
    {
      plugin: "p0",
      writes: [{ path: ["users", "admin"], before: ["ada"], value: ["ada", "eve"] }],
    },
    {
      plugin: "p1",
      writes: [
        { path: ["quota", "disk"], value: 3 },
        { path: ["users", "admin"], before: ["ada", "eve"] },
      ],
    },
  ]);
  expect(before).toEqual({ users: { admin: ["ada"] } });
});

it("lets each plugin see what those before it did", async () => {
  const { config } = await ask({}, [
    (config) => Object.assign(config, { quota: 3 }),
    (config) => Object.assign(config, { seen: config.quota ?? null }),
  ]);
  expect(config).toEqual({ quota: 3, seen: 3 });
});

it("drops what a plugin did that failed, and goes on", async () => {
  const { config, failures, plugins } = await ask({ a: 1 }, [
    (config) => {
      config.a = 2;
      throw new Error("no");
    },
    (config) => Object.assign(config, { b: config.a ?? null }),
  ]);
  expect(config).toEqual({ a: 1, b: 1 });
  expect(failures).toMatchObject([{ plugin: "p0", hook: "tljh_config_post_install" }]);
  expect(plugins.map(({ plugin }) => plugin)).toEqual(["p1"]);
});

describe("what a plugin wrote earlier", () => {
  const secret: ConfigWrite = { path: ["token"], value: "old" };
  const make: Change = (config) => {
    config.token ??= "fresh";
  };

  it("is there when it is asked again", async () => {
    const { config, plugins } = await ask({}, [make], earlier([secret]));
    expect(config).toEqual({ token: "old" });
    expect(plugins).toEqual([{ plugin: "p0", writes: [secret] }]);
  });

  it("is not there when what stood there before is another by now", async () => {
    const { config, plugins } = await ask({ token: "admin's" }, [make], earlier([secret]));
    expect(config).toEqual({ token: "admin's" });
    expect(plugins).toEqual([]);
  });

  it("counts as it is where it is not asked, or fails", async () => {
    const fail: Change = () => {
      throw new Error("no");
    };
    for (const [change, isKept] of [
      [make, true],
      [fail, false],
    ] as const) {
      const { config } = await ask({}, [change], { ...earlier([secret]), isKept: () => isKept });
      expect(config).toEqual({ token: "old" });
    }
  });
});

it.each([
  ["a date", new Date(0)],
  ["a function", () => 1],
  ["not a number", Number.NaN],
  ["a map", new Map()],
])("refuses %s in the configuration", async (_title, value) => {
  const { failures } = await ask({}, [
    (config) => Object.assign(config, { quota: { deep: [value] } }),
  ]);
  expect(failures).toMatchObject([
    {
      error: {
        code: "PLUGIN_CONFIG_NOT_DATA",
        message: expect.stringMatching(/at quota\.deep\.0, .*implemented by p0/),
      },
    },
  ]);
});

it("refuses a map that holds itself", async () => {
  const { failures } = await ask({}, [(config) => Object.assign(config, { self: config })]);
  expect(failures).toMatchObject([{ error: { code: "PLUGIN_CONFIG_NOT_DATA" } }]);
});
