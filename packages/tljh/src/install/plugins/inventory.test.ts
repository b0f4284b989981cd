import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pluginFolder, type Sandbox, sandbox, writeTree } from "../../plugins/fixtures.ts";
import type { PluginRequest } from "../../plugins/index.ts";
import { writePythonPlugins } from "../../plugins/python/record.ts";
import { findPackages } from "./find.ts";
import { type PluginPackage, readInventory } from "./inventory.ts";

const git: PluginRequest = { spec: "git+https://ada:hush@example.org/moons@v1", kind: "pip" };
const stars: PluginRequest = { spec: "/srv/stars", kind: "folder-npm" };

const distribution = (box: Sandbox, name: string, entryPoints = "") =>
  writeTree(join(box.paths.hub, "lib/python3.13/site-packages", `${name}-1.0.dist-info`), {
    METADATA: `Name: ${name}\nVersion: 1.0\n`,
    "entry_points.txt": entryPoints,
  });

/** A server with plugins from a folder and a repository, and some that nobody asked us for. */
async function server() {
  const box = await sandbox();
  const { plugins, hub } = box.paths;
  await writeTree(plugins, {
    "package.json": JSON.stringify({
      dependencies: { "tljh-hand": "^1" },
      tljh: { sources: { stars: stars, broken: { spec: "npm:broken", kind: "npm" } } },
    }),
    folders: { stars: pluginFolder("stars", "") },
    node_modules: { "tljh-hand": pluginFolder("tljh-hand", ""), broken: { "package.json": "{" } },
  });
  await distribution(box, "Tljh_Moons", "[tljh]\nmoons = a\nmonths = b\n");
  await distribution(box, "by-hand", "[tljh]\nhand = c\n");
  await distribution(box, "the-littlest-jupyterhub", "[tljh]\nown = d\n");
  await distribution(box, "numpy");
  await writePythonPlugins(hub, [
    {
      spec: "git+https://example.org/moons@v1",
      kind: "pip",
      package: "tljh-moons",
      version: "1.0",
      archives: [],
    },
  ]);
  const read = (...wanted: PluginRequest[]) => readInventory(box.paths, wanted);
  return { ...box, read };
}

describe("the plugins of a server", () => {
  it("are known by package, without loading any, and with where they are from", async () => {
    await using box = await server();
    expect(await box.read(stars, git)).toMatchObject([
      { package: "broken", version: null, plugins: [], error: { code: "PLUGIN_MANIFEST_INVALID" } },
      {
        package: "stars",
        version: "1.0.0",
        language: "typescript",
        request: stars,
        plugins: ["stars"],
      },
      { package: "tljh-hand", version: "1.0.0", request: null, plugins: ["tljh-hand"] },
      { package: "by-hand", version: "1.0", language: "python", request: null, plugins: ["hand"] },
      { package: "tljh-moons", version: "1.0", request: git, plugins: ["moons", "months"] },
    ]);
  });

  it("are told too when they were asked for and are not there", async () => {
    await using box = await server();
    const absent: PluginRequest = { spec: "https://ada:hush@example.org/x.whl", kind: "pip" };
    expect(await box.read(absent)).toContainEqual({
      package: "https://example.org/x.whl",
      version: null,
      language: "python",
      request: absent,
      plugins: [],
    });
  });

  it("are none on a server without any", async () => {
    await using box = await sandbox();
    expect(await readInventory(box.paths, [])).toEqual([]);
  });
});

describe("a plugin is found", () => {
  const one = (name: string, spec: string, ...plugins: string[]): PluginPackage => ({
    package: name,
    version: "1",
    language: spec.startsWith("npm:") ? "typescript" : "python",
    request: { spec, kind: spec.startsWith("npm:") ? "npm" : "pip" },
    plugins,
  });
  const inventory = [
    one("tljh-stars", "npm:tljh-stars@^1", "stars", "planets"),
    one("tljh-moons", "https://ada:hush@example.org/m.whl", "moons"),
    one("tljh-suns", "/srv/suns", "suns"),
  ];
  const find = (...names: string[]) =>
    findPackages(inventory, names, "/srv").map((found) => found.package);

  it.each([
    ["planets", "tljh-stars"],
    ["tljh-stars", "tljh-stars"],
    ["npm:tljh-stars@^1", "tljh-stars"],
    ["Tljh_Moons", "tljh-moons"],
    ["https://ada:hush@example.org/m.whl", "tljh-moons"],
    ["https://example.org/m.whl", "tljh-moons"],
    ["./suns", "tljh-suns"],
  ])("by %s", (name, found) => {
    expect(find(name)).toEqual([found]);
  });

  it("once, though two of its names are given", () => {
    expect(find("stars", "tljh-stars", "moons")).toEqual(["tljh-stars", "tljh-moons"]);
  });

  it.each([
    ["starz", 'There is no plugin "starz" on this server', "Did you mean stars?"],
    [
      "galaxies",
      'There is no plugin "galaxies" on this server',
      "There are: stars, planets, moons, suns. See: sudo tljh plugin list",
    ],
  ])("not by %s, and what may be meant is said", (name, message, remedy) => {
    expect(() => find(name)).toThrow(
      expect.objectContaining({ code: "PLUGIN_UNKNOWN", message, remedy }),
    );
  });

  it("nowhere if there is none", () => {
    expect(() => findPackages([], ["x"])).toThrow(
      expect.objectContaining({ remedy: "There is none. See: sudo tljh plugin list" }),
    );
  });
});
