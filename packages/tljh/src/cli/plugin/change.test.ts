import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as preflight from "../../install/preflight.ts";
import { writeTree } from "../../plugins/fixtures.ts";
import type { ServerPaths } from "../../system/paths.ts";
import { addCommand } from "./add.ts";
import { disableCommand } from "./disable.ts";
import { enableCommand } from "./enable.ts";
import { record, request, runPlugin, serverOnDisk } from "./fixtures.ts";
import { removeCommand } from "./remove.ts";
import { upgradeCommand } from "./upgrade.ts";

const { applyServer, planServer, question } = vi.hoisted(() => ({
  applyServer: vi.fn(),
  planServer: vi.fn(),
  question: vi.fn(),
}));

// Nothing here may change the machine that it runs on.
vi.mock("../apply.ts", () => ({ applyServer }));
vi.mock("../plan.ts", async (original) => ({ ...(await original<object>()), planServer }));
vi.mock("../../install/preflight.ts", { spy: true });
vi.mock("node:readline/promises", () => ({
  createInterface: () => ({ question, close: () => {} }),
}));

let paths: ServerPaths;

const applied = () => applyServer.mock.lastCall?.[0];
const wanted = () => applied()?.wanted;

/** Whether somebody sits there who can be asked. */
function terminal(isThere: boolean): void {
  for (const stream of [process.stdin, process.stdout])
    Object.defineProperty(stream, "isTTY", { value: isThere, configurable: true });
}

beforeEach(async () => {
  for (const mock of [applyServer, planServer, question]) mock.mockReset();
  planServer.mockResolvedValue([
    {
      id: "user-environment",
      title: "User environment",
      differences: [{ action: "remove", what: "xarray 2025.1", formerly: "stars" }],
      unknown: null,
    },
  ]);
  vi.mocked(preflight.checkRoot).mockReset().mockReturnValue();
  terminal(false);
  paths = await serverOnDisk("stars", "moons");
});

afterEach(() => void vi.unstubAllEnvs());

describe.each([
  ["add", addCommand, ["tljh-x"]],
  ["remove", removeCommand, ["stars", "--yes"]],
  ["upgrade", upgradeCommand, []],
  ["disable", disableCommand, ["stars"]],
  ["enable", enableCommand, ["stars"]],
] as const)("tljh plugin %s", (_, command, args) => {
  it("is refused where no server is", async () => {
    vi.stubEnv("TLJH_INSTALL_PREFIX", "/does/not/exist");
    const { error } = await runPlugin(command(), ...args);
    expect(error).toMatchObject({
      code: "PLUGIN_NO_SERVER",
      message: expect.stringContaining("/does/not/exist"),
    });
    expect(applyServer).not.toHaveBeenCalled();
  });

  it("is for root alone", async () => {
    vi.mocked(preflight.checkRoot).mockImplementation(() => {
      throw new Error("not root");
    });
    expect((await runPlugin(command(), ...args)).error).toMatchObject({ message: "not root" });
    expect(applyServer).not.toHaveBeenCalled();
  });
});

describe("tljh plugin add", () => {
  it("asks for more plugins than before, and leaves the others as they are locked", async () => {
    const { error } = await runPlugin(addCommand(), "tljh-x", "npm:y", "--skip-failing-plugins");
    expect(error).toBeNull();
    expect(applied()).toMatchObject({ skipFailing: true, json: false, admins: [] });
    expect(wanted().plugins).toEqual([
      request("stars"),
      request("moons"),
      { spec: "tljh-x", kind: "pip" },
      { spec: "npm:y", kind: "npm" },
    ]);
  });

  it("copies a folder that is named as it is now", async () => {
    await writeTree(paths.prefix, { stars: { "package.json": `{"tljh": {}}` } });
    const spec = `${paths.prefix}/stars`;
    const content = "0".repeat(64);
    const plugin = { spec, kind: "folder-npm", package: "stars", version: "1", content };
    mkdirSync(dirname(paths.pluginLock), { recursive: true });
    writeFileSync(
      paths.pluginLock,
      JSON.stringify({
        version: 1,
        channels: [],
        plugins: [plugin, { ...plugin, spec: "/srv/b" }],
      }),
    );
    await runPlugin(addCommand(), spec);
    expect(applied().pins.plugins).toMatchObject([{ spec: "/srv/b" }]);
  });
});

describe("tljh plugin remove", () => {
  it("shows what goes, then asks, and removes if the answer is yes", async () => {
    terminal(true);
    question.mockResolvedValue("yes");
    const { output, error } = await runPlugin(removeCommand(), "stars");
    expect(error).toBeNull();
    expect(stripVTControlCharacters(output)).toMatch(
      /^This is what changes:\nUser environment\n {2}- xarray 2025\.1.*stars/,
    );
    expect(question).toHaveBeenCalledWith("Remove stars? [y/N] ");
    expect(wanted().plugins).toEqual([request("moons")]);
    expect(planServer.mock.lastCall?.[0].wanted).toEqual(wanted());
  });

  it.each(["", "n", "no", "yesterday"])("removes nothing if the answer is %j", async (answer) => {
    terminal(true);
    question.mockResolvedValue(answer);
    const { output, error } = await runPlugin(removeCommand(), "stars");
    expect(error).toMatchObject({ exitCode: 1 });
    expect(output).toMatch(/Nothing was removed\.\n$/);
    expect(applyServer).not.toHaveBeenCalled();
  });

  it("is refused where nobody can be asked, and nobody has said yes beforehand", async () => {
    const { error } = await runPlugin(removeCommand(), "stars");
    expect(error).toMatchObject({
      code: "PLUGIN_REMOVE_UNCONFIRMED",
      message: expect.stringContaining("stars"),
    });
    expect(planServer).not.toHaveBeenCalled();
  });

  it("asks nobody with --yes, and shows what goes all the same", async () => {
    const { output } = await runPlugin(removeCommand(), "--yes", "stars", "/srv/moons");
    expect(output).toContain("xarray");
    expect(question).not.toHaveBeenCalled();
    expect(wanted().plugins).toEqual([]);
  });

  it("tells the plan as JSON, and never asks then", async () => {
    terminal(true);
    const { error } = await runPlugin(removeCommand(), "--json", "stars");
    expect(error).toMatchObject({ code: "PLUGIN_REMOVE_UNCONFIRMED" });
    const { output } = await runPlugin(removeCommand(), "--json", "--yes", "stars");
    expect(JSON.parse(output)).toMatchObject({ type: "plan", steps: [{ id: "user-environment" }] });
  });

  it("takes all plugins of a package, and says which", async () => {
    const manifest = `${paths.plugins}/folders/stars/package.json`;
    const { tljh, ...rest } = JSON.parse(readFileSync(manifest, "utf8"));
    const plugins = { ...tljh.plugins, suns: "./plugin.ts" };
    writeFileSync(manifest, JSON.stringify({ ...rest, tljh: { plugins } }));
    record(paths, { plugins: [request("stars")], disabled: ["moons", "stars", "suns"] });
    const { output } = await runPlugin(removeCommand(), "--yes", "suns");
    expect(output).toContain("stars holds the plugins stars, suns, which go together.\n");
    expect(wanted()).toMatchObject({ plugins: [], disabled: ["moons"] });
  });

  it("leaves alone what somebody has installed by hand", async () => {
    await writeTree(paths.hub, {
      "lib/python3.13/site-packages/by_hand-1.dist-info": {
        METADATA: "Name: by-hand\nVersion: 1\n",
        "entry_points.txt": "[tljh]\nhand = x\n",
      },
    });
    const { error } = await runPlugin(removeCommand(), "--yes", "hand");
    expect(error).toMatchObject({
      code: "PLUGIN_BY_HAND",
      remedy: expect.stringContaining("pip uninstall by-hand"),
    });
    expect(applyServer).not.toHaveBeenCalled();
  });
});

describe("tljh plugin disable and enable", () => {
  it("take plugins out of use and into it again, by whatever name", async () => {
    await runPlugin(disableCommand(), "stars", "/srv/moons");
    expect(wanted().disabled).toEqual(["moons", "stars"]);
    record(paths, wanted());
    await runPlugin(enableCommand(), "moons");
    expect(wanted().disabled).toEqual(["stars"]);
    record(paths, wanted());
    await runPlugin(enableCommand(), "stars");
    expect(wanted()).not.toHaveProperty("disabled");
  });

  it("say so if it is so already", async () => {
    const { output } = await runPlugin(enableCommand(), "stars");
    expect(output).toBe("Already enabled: stars.\n");
  });

  it("know a disabled plugin whose package is gone", async () => {
    record(paths, { disabled: ["gone"] });
    expect((await runPlugin(enableCommand(), "gone")).error).toBeNull();
    expect(wanted()).not.toHaveProperty("disabled");
  });

  it("refuse a name that there is not", async () => {
    const { error } = await runPlugin(disableCommand(), "starz");
    expect(error).toMatchObject({ code: "PLUGIN_UNKNOWN", remedy: "Did you mean stars?" });
  });
});

describe("tljh plugin upgrade", () => {
  const folder = async (version: string) => {
    const spec = `${paths.prefix}/source`;
    const manifest = { name: "suns", version, tljh: { plugins: { suns: "./x.ts" } } };
    const files = { "package.json": JSON.stringify(manifest), "x.ts": "" };
    await writeTree(paths.prefix, { source: files });
    return { spec, kind: "folder-npm" };
  };

  /** Has the plugin from the folder installed at version 1. */
  const installed = async () => {
    const source = await folder("1.0.0");
    const manifest = { name: "suns", version: "1.0.0", tljh: { plugins: { suns: "./x.ts" } } };
    await writeTree(paths.plugins, {
      "package.json": JSON.stringify({
        tljh: { sources: { suns: { ...source, content: "old" } } },
      }),
      folders: { suns: { "package.json": JSON.stringify(manifest), "x.ts": "" } },
    });
    record(paths, { plugins: [source] });
    return source;
  };

  it("shows the versions before and after", async () => {
    await installed();
    await folder("2.0.0");
    applyServer.mockImplementation(() =>
      writeTree(paths.plugins, {
        folders: {
          suns: {
            "package.json": JSON.stringify({
              name: "suns",
              version: "2.0.0",
              tljh: { plugins: { suns: "./x.ts" } },
            }),
          },
        },
      }),
    );
    const { output, error } = await runPlugin(upgradeCommand());
    expect(error).toBeNull();
    expect(output).toBe("To upgrade:\n  suns 1.0.0 → 2.0.0\nUpgraded:\n  suns 1.0.0 → 2.0.0\n");
  });

  it("tells the same as JSON", async () => {
    await installed();
    await folder("2.0.0");
    const { output } = await runPlugin(upgradeCommand(), "suns", "--json");
    const [first] = output.trim().split("\n");
    expect(JSON.parse(first ?? "")).toEqual({
      type: "plugins.upgrade",
      upgrades: [{ package: "suns", from: "1.0.0", to: "2.0.0" }],
    });
  });

  it("says so if there is nothing to upgrade, and changes nothing", async () => {
    record(paths, { plugins: [] });
    const { output, error } = await runPlugin(upgradeCommand());
    expect([output, error]).toEqual(["Nothing to upgrade.\n", null]);
    expect(applyServer).not.toHaveBeenCalled();
  });

  it.each([[[]], [["stars", "moons"]]])(
    "to a version needs one name, and not %j",
    async (names) => {
      const { error } = await runPlugin(upgradeCommand(), ...names, "--to", "1.0");
      expect(error).toMatchObject({ code: "PLUGIN_UPGRADE_TO_ONE" });
    },
  );
});
