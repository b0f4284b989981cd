import { describe, expect, it } from "vitest";
import { hookimpl, type TljhPlugin } from "../../hooks.ts";
import { type Contributor, emptyLedger, type Ledger } from "../ledger/ledger.ts";
import type { PluginFailure } from "../load.ts";
import { createHookManager } from "../manager.ts";
import { askPlugins, type Question } from "./ask.ts";

const broken = hookimpl(() => {
  throw new Error("no");
});

const apt = (...names: string[]) => ({ tljh_extra_apt_packages: hookimpl(() => names) });

function contributor(name: string, content: Partial<Contributor> = {}): Contributor {
  const nothing = {
    aptPackages: [],
    hubPipPackages: [],
    userCondaPackages: [],
    userCondaChannels: [],
    userPipPackages: [],
    config: [],
  };
  return { name, language: "typescript", version: "1", source: name, ...nothing, ...content };
}

const ledgerOf = (...plugins: Contributor[]): Ledger => ({ ...emptyLedger, plugins });

/** Asks plugins, whose sources are their names. */
function ask(
  plugins: Readonly<Record<string, TljhPlugin>>,
  question: Partial<Question> & { readonly unloaded?: readonly PluginFailure[] } = {},
) {
  const manager = createHookManager();
  for (const [name, plugin] of Object.entries(plugins)) manager.register(plugin, name);
  const { unloaded = [] } = question;
  const about = { version: "1", language: "typescript" } as const;
  const list = Object.keys(plugins).map((name) => ({
    ...about,
    name,
    source: name,
    hooks: manager.getHooks(name),
  }));
  return askPlugins({
    loaded: { manager, list, failures: unloaded },
    ledger: emptyLedger,
    config: {},
    prepare: (own) => own,
    disabled: [],
    staying: new Set([...list.map(({ name }) => name), "gone-wrong"]),
    stop: true,
    ...question,
  });
}

const values = ({ contributions }: Awaited<ReturnType<typeof ask>>) =>
  contributions.aptPackages.map(({ value, plugin }) => `${value} of ${plugin}`);

const SETTING = { path: ["quota"], value: 3 };

describe("a plugin that takes no part", () => {
  const earlier = contributor("b", { aptPackages: ["sl"], config: [SETTING] });
  const ledger = ledgerOf(contributor("c"), earlier, contributor("a"));
  const others = { a: apt("apt-a"), c: apt("apt-c") };

  it("contributes what it did before, in its place, when it is disabled", async () => {
    const answers = await ask(
      { ...others, b: apt("other") },
      { ledger, config: { quota: 3 }, disabled: ["b"] },
    );
    expect(values(answers)).toEqual(["apt-c of c", "sl of b", "apt-a of a"]);
    expect(answers.config.after).toEqual({ quota: 3 });
    expect(answers.contributors.map(({ name }) => name)).toEqual(["c", "b", "a"]);
    expect(answers.contributors[1]).toEqual(earlier);
  });

  it("contributes nothing any more when it is not on the server", async () => {
    const answers = await ask(others, { ledger, config: { quota: 3 }, disabled: ["b"] });
    expect(values(answers)).toEqual(["apt-c of c", "apt-a of a"]);
    expect(answers.config.after).toEqual({});
  });

  it.each<[string, TljhPlugin]>([
    ["a list", { ...apt("other"), tljh_extra_user_pip_packages: broken }],
    ["its settings", { ...apt("other"), tljh_settings_schema: broken }],
    ["the configuration", { ...apt("other"), tljh_config_post_install: broken }],
  ])("contributes what it did before when it fails in %s", async (_, b) => {
    const answers = await ask({ ...others, b }, { ledger, config: { quota: 3 }, stop: false });
    expect(values(answers)).toEqual(["apt-c of c", "sl of b", "apt-a of a"]);
    expect(answers.config.after).toEqual({ quota: 3 });
    expect(answers.failures).toMatchObject([{ plugin: "b" }]);
  });

  it.each<[string, PluginFailure]>([
    ["it", { name: "b", source: "gone-wrong", error: new Error("no") }],
    ["its package", { name: "package", source: "gone-wrong", error: new Error("no") }],
    ["the host of all", { name: null, source: "python", error: new Error("no") }],
  ])("contributes what it did before when %s cannot be loaded", async (_, failure) => {
    const source = { source: "gone-wrong", language: "python" } as const;
    const answers = await ask(others, {
      ledger: ledgerOf(contributor("c"), { ...earlier, ...source }, contributor("a")),
      stop: false,
      unloaded: [failure],
    });
    expect(values(answers)).toEqual(["apt-c of c", "sl of b", "apt-a of a"]);
  });

  it("ends the asking where that is wanted", async () => {
    const plugins = { ...others, b: { tljh_config_post_install: broken } };
    await expect(ask(plugins, { ledger })).rejects.toMatchObject({ plugin: "b" });
    const unloaded = [{ name: "b", source: "gone-wrong", error: new Error("no") }];
    await expect(ask(others, { unloaded })).rejects.toThrow("no");
  });

  it("does not matter when it is about to be taken out, or disabled", async () => {
    const unloaded = [
      { name: "x", source: "going", error: new Error("no") },
      { name: "y", source: "gone-wrong", error: new Error("no") },
    ];
    const answers = await ask(others, { unloaded, disabled: ["y"] });
    expect(answers.failures).toEqual([]);
  });
});

it("what a plugin did to the configuration that fails later does not count, nor what others made of it", async () => {
  const config = hookimpl<"tljh_config_post_install">;
  const bad = {
    tljh_config_post_install: config(({ config }) => void Object.assign(config, { bad: true })),
    tljh_extra_apt_packages: broken,
  };
  const seer = {
    tljh_config_post_install: config(
      ({ config }) => void Object.assign(config, { seen: Object.keys(config) }),
      { trylast: true },
    ),
  };
  const answers = await ask({ bad, seer }, { stop: false });
  expect(answers.config.after).toEqual({ seen: [] });
  expect(answers.config.plugins.map(({ plugin }) => plugin)).toEqual(["seer"]);
});

it("what a plugin wrote goes with its hook", async () => {
  const ledger = ledgerOf(contributor("a", { config: [SETTING] }));
  const answers = await ask({ a: apt("sl") }, { ledger, config: { quota: 3, own: 1 } });
  expect(answers.config.after).toEqual({ own: 1 });
});

it("after a run that was killed, both what it was to write and what was there before are known", async () => {
  const before = contributor("a", { config: [{ path: ["quota"], value: 1 }] });
  const after = contributor("a", { config: [{ path: ["quota"], value: 2 }] });
  const ledger = { ...ledgerOf(before), pending: [[after]] };
  for (const quota of [1, 2]) {
    const answers = await ask({}, { ledger, config: { quota } });
    expect(answers.config.after).toEqual({});
  }
});
