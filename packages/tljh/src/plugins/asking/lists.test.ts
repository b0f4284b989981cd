import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hookimpl, type TljhHookName } from "../../hooks.ts";
import { createHookManager, type HookManager } from "../manager.ts";
import { askLists } from "./lists.ts";

const ask = (manager: HookManager) => askLists(manager, new Set(manager.getPlugins().keys()));

/** What is found when one plugin answers one hook with `answer`; throws for what is wrong with it. */
async function collect(hook: TljhHookName, answer: unknown) {
  const manager = createHookManager();
  manager.register({ [hook]: hookimpl(() => answer as never) }, "a");
  const { contributions, failures } = await ask(manager);
  if (failures[0]) throw failures[0].error;
  return contributions;
}

it("collects each hook's lists with the plugins they come from", async () => {
  const manager = createHookManager();
  manager.register(
    {
      tljh_extra_apt_packages: hookimpl(() => ["sl"]),
      tljh_extra_hub_pip_packages: hookimpl(async () => ["tabulate"]),
      tljh_extra_user_conda_channels: hookimpl(() => ["conda-forge"]),
    },
    "a",
  );
  manager.register(
    {
      tljh_extra_apt_packages: hookimpl(() => ["sl", "figlet", "figlet"]),
      tljh_extra_user_conda_packages: hookimpl(() => ["numpy >=2"]),
      tljh_extra_user_pip_packages: hookimpl(() => ["--extra-index-url=https://example.org", "x"]),
      tljh_extra_user_conda_channels: hookimpl(() => null),
    },
    "b",
  );
  expect((await ask(manager)).contributions).toEqual({
    aptPackages: [
      { value: "sl", plugin: "b" },
      { value: "figlet", plugin: "b" },
      { value: "sl", plugin: "a" },
    ],
    hubPipPackages: [{ value: "tabulate", plugin: "a" }],
    userCondaPackages: [{ value: "numpy >=2", plugin: "b" }],
    userCondaChannels: [{ value: "conda-forge", plugin: "a" }],
    userPipPackages: [
      { value: "--extra-index-url=https://example.org", plugin: "b" },
      { value: "x", plugin: "b" },
    ],
  });
});

describe("a plugin that fails", () => {
  const failing = hookimpl(() => {
    throw new Error("no network");
  });
  const apt = (...names: string[]) => hookimpl(() => names);

  it("is named with its hook, contributes nothing, and the others are heard", async () => {
    const manager = createHookManager();
    manager.register({ tljh_extra_apt_packages: apt("sl") }, "good");
    const bad = { tljh_extra_apt_packages: apt("figlet"), tljh_extra_user_pip_packages: failing };
    manager.register(bad, "bad");
    const { contributions, failures } = await ask(manager);
    expect(contributions.aptPackages).toEqual([{ value: "sl", plugin: "good" }]);
    expect(failures).toEqual([
      {
        plugin: "bad",
        hook: "tljh_extra_user_pip_packages",
        error: expect.objectContaining({
          message: "Plugin bad failed in tljh_extra_user_pip_packages: Error: no network",
        }),
      },
    ]);
  });

  it("is not asked again", async () => {
    let asked = 0;
    const manager = createHookManager();
    const tljh_extra_user_pip_packages = hookimpl(() => {
      asked += 1;
      return [];
    });
    manager.register({ tljh_extra_apt_packages: failing, tljh_extra_user_pip_packages }, "bad");
    await ask(manager);
    expect(asked).toBe(0);
  });
});

it("asks all plugins for a list without waiting for one before the next", async () => {
  const manager = createHookManager();
  const { promise, resolve } = Promise.withResolvers<string[]>();
  const release = () => {
    resolve(["figlet"]);
    return ["sl"];
  };
  manager.register({ tljh_extra_apt_packages: hookimpl(release) }, "a");
  manager.register({ tljh_extra_apt_packages: hookimpl(() => promise) }, "b");
  expect((await ask(manager)).contributions.aptPackages).toEqual([
    { value: "figlet", plugin: "b" },
    { value: "sl", plugin: "a" },
  ]);
});

it("asks those only that it is told to", async () => {
  const manager = createHookManager();
  for (const name of ["a", "b"])
    manager.register({ tljh_extra_apt_packages: hookimpl(() => [`${name}pt`]) }, name);
  const { contributions } = await askLists(manager, new Set(["b"]));
  expect(contributions.aptPackages).toEqual([{ value: "bpt", plugin: "b" }]);
});

it("unites the answers of a plugin that implements a hook twice", async () => {
  const manager = createHookManager();
  const options = { specname: "tljh_extra_apt_packages" } as const;
  manager.register(
    {
      one: hookimpl<"tljh_extra_apt_packages">(() => ["sl", "figlet"], options),
      other: hookimpl<"tljh_extra_apt_packages">(() => ["sl"], options),
    },
    "a",
  );
  const values = (await ask(manager)).contributions.aptPackages.map(({ value }) => value);
  expect(values.sort()).toEqual(["figlet", "sl"]);
});

it("refuses a string where a list is meant and shows the list", async () => {
  await expect(collect("tljh_extra_user_conda_packages", "nir")).rejects.toMatchObject({
    code: "PLUGIN_RESULT_NOT_A_LIST",
    message: `Plugin a answered tljh_extra_user_conda_packages with "nir", which is not a list`,
    remedy: 'Let it return a list: ["nir"].',
  });
});

it.each([[{}], [1], [true], [() => 1]])("refuses %s where a list is meant", async (answer) => {
  await expect(collect("tljh_extra_apt_packages", answer)).rejects.toMatchObject({
    code: "PLUGIN_RESULT_NOT_A_LIST",
  });
});

it("refuses a list that is too long", async () => {
  const long = Array.from({ length: 1001 }, (_, index) => `p${index}`);
  await expect(collect("tljh_extra_user_pip_packages", long)).rejects.toMatchObject({
    code: "PLUGIN_RESULT_TOO_LONG",
    message: expect.stringContaining("1001 entries; 1000 are allowed"),
  });
});

describe("entries", () => {
  it.each<[TljhHookName, unknown, string]>([
    ["tljh_extra_apt_packages", 1, "is not a string"],
    ["tljh_extra_apt_packages", null, "is not a string"],
    ["tljh_extra_user_pip_packages", "", "is empty"],
    ["tljh_extra_user_pip_packages", "x\ny", "holds a line break"],
    ["tljh_extra_user_pip_packages", "x\u0000", "holds a line break or a control character"],
    ["tljh_extra_user_pip_packages", "x ", "begins or ends with a blank"],
    ["tljh_extra_user_pip_packages", "x".repeat(1001), "has more than 1000 characters"],
    ["tljh_extra_apt_packages", "-y", "begins with a dash"],
    ["tljh_extra_apt_packages", "sl figlet", "is no name of a Debian package"],
    ["tljh_extra_apt_packages", "../x", "is no name of a Debian package"],
    ["tljh_extra_user_conda_packages", "--file=x", "begins with a dash"],
    ["tljh_extra_user_conda_channels", "-c", "begins with a dash"],
    ["tljh_extra_user_conda_channels", "a b", "holds a blank"],
  ])("of %s may not be %j", async (hook, entry, wrong) => {
    await expect(collect(hook, [entry])).rejects.toMatchObject({
      code: "PLUGIN_RESULT_ENTRY_INVALID",
      message: expect.stringContaining(wrong),
    });
  });

  it("with a hole are no strings", async () => {
    // biome-ignore lint/suspicious/noSparseArray: what is tested
    await expect(collect("tljh_extra_apt_packages", ["sl", , "sl"])).rejects.toMatchObject({
      code: "PLUGIN_RESULT_ENTRY_INVALID",
    });
  });

  it.each(["g++", "libc6:amd64", "sl=5.02-1", "sl/stable", "python3.13"])(
    "for apt may be %s",
    async (entry) => {
      const { aptPackages } = await collect("tljh_extra_apt_packages", [entry]);
      expect(aptPackages).toEqual([{ value: entry, plugin: "a" }]);
    },
  );

  it("that get through are one line that is no option, whatever a plugin answers", async () => {
    const entry = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.constant("-y"));
    await fc.assert(
      fc.asyncProperty(entry, async (value) => {
        const found = await collect("tljh_extra_user_conda_packages", [value]).catch(() => null);
        for (const { value: passed } of found?.userCondaPackages ?? []) {
          expect(passed).not.toMatch(/^-|[\n\r\0]|^\s*$/);
        }
      }),
    );
  });
});
