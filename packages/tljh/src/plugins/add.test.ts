import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { PluginRequest } from "./classify.ts";
import {
  answering,
  pluginFolder,
  published,
  type Sandbox,
  sandbox,
  writeTree,
} from "./fixtures.ts";
import { installNpmPlugins, missingNpmPlugins } from "./install.ts";
import { formatLock, type LockedPlugin, type NpmTree, parseLock } from "./lock/format.ts";
import { lockedSource } from "./lock/installed.ts";
import { readNpmTree } from "./lock/npm-tree.ts";
import type { PluginPins } from "./lock/pins.ts";
import { withRegistry } from "./npm-fixtures.ts";
import { readSources } from "./sources.ts";

const words = (version: string) => ({
  "package.json": `{"name": "words", "version": "${version}", "type": "module"}`,
});
const stars: PluginRequest = { spec: "npm:tljh-stars@^1", kind: "npm" };
const starsFile = (version: string) =>
  published("tljh-stars", version, { dependencies: { words: "1" } });

const install = (box: Sandbox, request: PluginRequest, pins?: PluginPins) =>
  installNpmPlugins([request], box.paths, undefined, pins);

/** What is installed, by way of a lock's text. */
async function locked(box: Sandbox): Promise<PluginPins & { readonly npm: NpmTree }> {
  const { plugins: folder } = box.paths;
  const npm = (await readNpmTree(folder)) ?? { lockfileVersion: 3, packages: {} };
  const plugins: LockedPlugin[] = [];
  for (const source of await readSources(folder))
    plugins.push(await lockedSource(folder, source, npm));
  const text = formatLock({
    version: 1,
    channels: [],
    userRequirementsTxtUrl: null,
    disabled: [],
    plugins,
    npm,
  });
  return { npm, ...parseLock(text, "the lock") } as PluginPins & { readonly npm: NpmTree };
}

const versions = async (box: Sandbox) => {
  const of = async (name: string) => {
    const file = join(box.paths.plugins, "node_modules", name, "package.json");
    return (JSON.parse(await readFile(file, "utf8")) as { version: string }).version;
  };
  return { stars: await of("tljh-stars"), words: await of("words") };
};

/** The lock of a server that was made when there was nothing newer than 1.0.0, and what is published since. */
async function lockedEarlier(box: Sandbox) {
  const old = { a: starsFile("1.0.0"), b: words("1.0.0") };
  let pins: Awaited<ReturnType<typeof locked>>;
  {
    await using _registry = await withRegistry(box, old);
    await install(box, stars);
    pins = await locked(box);
  }
  await rm(box.paths.plugins, { recursive: true });
  const registry = await withRegistry(box, { ...old, c: starsFile("1.1.0"), d: words("1.1.0") });
  return { pins, registry, [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose]() };
}

type Pins = Awaited<ReturnType<typeof locked>>;

/** The same pins, but that a package is said to be another archive. */
function tampered({ plugins, npm }: Pins, name: string): Pins {
  const integrity = `sha512-${Buffer.alloc(64, 7).toString("base64")}`;
  const place = `node_modules/${name}`;
  const packages = { ...npm.packages, [place]: { ...npm.packages[place], integrity } };
  return {
    plugins: plugins.map((one) =>
      one.kind === "npm" && one.package === name ? { ...one, integrity } : one,
    ),
    npm: { ...npm, packages },
  };
}

describe("a pinned package of npm", () => {
  it("is installed as it was, and so are its dependencies", async () => {
    await using box = await sandbox();
    await using earlier = await lockedEarlier(box);
    await install(box, stars, earlier.pins);
    expect(await versions(box)).toEqual({ stars: "1.0.0", words: "1.0.0" });
    expect(await locked(box)).toEqual(earlier.pins);
    expect(await missingNpmPlugins([stars], box.paths, earlier.pins)).toEqual([]);
  });

  it("takes the place of another version that is there", async () => {
    await using box = await sandbox();
    await using earlier = await lockedEarlier(box);
    await install(box, stars);
    expect(await versions(box)).toEqual({ stars: "1.1.0", words: "1.1.0" });
    expect(await missingNpmPlugins([stars], box.paths, earlier.pins)).toEqual([stars]);
    await install(box, stars, earlier.pins);
    expect(await versions(box)).toEqual({ stars: "1.0.0", words: "1.0.0" });
  });

  it("is locked without the registry's address", async () => {
    await using box = await sandbox();
    await using earlier = await lockedEarlier(box);
    expect(JSON.stringify(earlier.pins)).not.toContain("127.0.0.1");
    expect(earlier.pins.plugins).toEqual([
      {
        spec: stars.spec,
        kind: "npm",
        package: "tljh-stars",
        version: "1.0.0",
        integrity: expect.stringMatching(/^sha512-/),
      },
    ]);
  });

  it.each(["tljh-stars", "words"])("is refused if %s is not what was locked", async (name) => {
    await using box = await sandbox();
    await using earlier = await lockedEarlier(box);
    await expect(install(box, stars, tampered(earlier.pins, name))).rejects.toMatchObject({
      code: "PLUGIN_LOCK_MISMATCH",
      message: expect.stringContaining(`${name} is not what`),
    });
    expect(await readSources(box.paths.plugins)).toEqual([]);
  });

  it("is refused likewise where its version is there already, and stays what it is", async () => {
    await using box = await sandbox();
    await using earlier = await lockedEarlier(box);
    await install(box, stars, earlier.pins);
    const pins = tampered(earlier.pins, "tljh-stars");
    expect(await missingNpmPlugins([stars], box.paths, pins)).toEqual([stars]);
    await expect(install(box, stars, pins)).rejects.toMatchObject({ code: "PLUGIN_LOCK_MISMATCH" });
    expect(await locked(box)).toEqual(earlier.pins);
    expect(await versions(box)).toEqual({ stars: "1.0.0", words: "1.0.0" });
  });

  it("moves to another version that npm's lock does not have yet", async () => {
    await using box = await sandbox();
    await using earlier = await lockedEarlier(box);
    await install(box, stars, earlier.pins);
    const [pin] = earlier.pins.plugins;
    const { integrity: _, ...moved } = { integrity: "", ...pin, version: "1.1.0" } as const;
    const pins = { ...earlier.pins, plugins: [moved as LockedPlugin] };
    expect(await missingNpmPlugins([stars], box.paths, pins)).toEqual([stars]);
    await install(box, stars, pins);
    expect((await versions(box)).stars).toBe("1.1.0");
    expect(await missingNpmPlugins([stars], box.paths, pins)).toEqual([]);
  });

  it("is refused if the registry has another archive under its version", async () => {
    await using box = await sandbox();
    await using earlier = await lockedEarlier(box);
    const pins = { ...earlier.pins, npm: null };
    await install(box, stars, pins);
    await rm(box.paths.plugins, { recursive: true });
    const other = { ...starsFile("1.0.0"), "plugin.js": answering("other") };
    await using _registry = await withRegistry(box, { a: other, b: words("1.0.0") });
    await expect(install(box, stars, pins)).rejects.toMatchObject({ code: "PLUGIN_LOCK_MISMATCH" });
  });
});

describe("a pinned folder", () => {
  const request = (box: Sandbox): PluginRequest => ({
    spec: join(box.folder, "plugin"),
    kind: "folder-npm",
  });

  it("that has changed since stays as it was installed", async () => {
    await using box = await sandbox({ plugin: pluginFolder("stars", answering("old")) });
    await install(box, request(box));
    const pins = await locked(box);
    await writeTree(box.folder, { plugin: { "plugin.ts": answering("new") } });
    expect(await missingNpmPlugins([request(box)], box.paths)).toEqual([request(box)]);
    expect(await missingNpmPlugins([request(box)], box.paths, pins)).toEqual([]);
  });

  it("is refused with another content", async () => {
    await using box = await sandbox({ plugin: pluginFolder("stars", answering("old")) });
    await install(box, request(box));
    const pins = await locked(box);
    await rm(box.paths.plugins, { recursive: true });
    await writeTree(box.folder, { plugin: { "plugin.ts": answering("new") } });
    await expect(install(box, request(box), pins)).rejects.toMatchObject({
      code: "PLUGIN_LOCK_MISMATCH",
      message: expect.stringContaining(join(box.folder, "plugin")),
    });
  });

  it("that is not there is told by its path", async () => {
    await using box = await sandbox({ plugin: pluginFolder("stars", answering("old")) });
    await install(box, request(box));
    const pins = await locked(box);
    await rm(box.paths.plugins, { recursive: true });
    await rm(request(box).spec, { recursive: true });
    await expect(install(box, request(box), pins)).rejects.toMatchObject({
      code: "PLUGIN_LOCK_FOLDER_MISSING",
      message: expect.stringContaining(request(box).spec),
    });
  });

  it("gets the dependencies that it had", async () => {
    const source = pluginFolder("stars", answering("x"), { dependencies: { words: "1" } });
    await using box = await sandbox({ plugin: source });
    let pins: PluginPins;
    {
      await using _registry = await withRegistry(box, { a: words("1.0.0") });
      await install(box, request(box));
      pins = await locked(box);
    }
    await rm(box.paths.plugins, { recursive: true });
    await using _registry = await withRegistry(box, { a: words("1.0.0"), b: words("1.1.0") });
    await install(box, request(box), pins);
    const copy = join(box.paths.plugins, "folders", "stars");
    const found = await readFile(join(copy, "node_modules", "words", "package.json"), "utf8");
    expect(JSON.parse(found)).toMatchObject({ version: "1.0.0" });
  });
});

it("a package without a pin is installed beside pinned ones as its spec allows", async () => {
  await using box = await sandbox();
  await using earlier = await lockedEarlier(box);
  await using _registry = await withRegistry(box, {
    a: starsFile("1.0.0"),
    b: words("1.0.0"),
    c: published("tljh-moons", "3.0.0"),
  });
  const moons: PluginRequest = { spec: "npm:tljh-moons", kind: "npm" };
  await installNpmPlugins([stars, moons], box.paths, undefined, earlier.pins);
  const { plugins } = await locked(box);
  expect(plugins.map((one) => `${one.package} ${one.version}`)).toEqual([
    "tljh-moons 3.0.0",
    "tljh-stars 1.0.0",
  ]);
});
