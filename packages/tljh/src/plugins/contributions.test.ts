import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hookimpl, type TljhHookName } from "../hooks.ts";
import { collectContributions } from "./contributions.ts";
import { createHookManager } from "./manager.ts";

/** What is collected when one plugin answers one hook with `answer`. */
function collect(hook: TljhHookName, answer: unknown) {
  const manager = createHookManager();
  manager.register({ [hook]: hookimpl(() => answer as never) }, "a");
  return collectContributions(manager);
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
  expect(await collectContributions(manager)).toEqual({
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
