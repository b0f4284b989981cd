import { describe, expect, it } from "vitest";
import { pluginFolder, type Sandbox, sandbox, writeTree } from "../plugins/fixtures.ts";
import { installNpmPlugins, type PluginLock, type PluginRequest } from "../plugins/index.ts";
import type { PythonPlugin } from "../plugins/python/record.ts";
import { writePythonPlugins } from "../plugins/python/record.ts";
import type { Installation } from "./installation.ts";
import { currentLock, lockedInstallation } from "./plugin-lock.ts";

const secret = "git+https://ada:hush@example.org/stars";
const open = "git+https://example.org/stars";

const python: PythonPlugin = {
  spec: open,
  kind: "pip",
  package: "tljh-stars",
  version: "1.0",
  archives: [],
};

const wanting = (...plugins: PluginRequest[]): Installation => ({
  version: 1,
  channels: ["https://conda.example.org/t/hush/sky"],
  plugins,
  disabled: ["b", "a"],
  userRequirementsTxtUrl: "https://ada:hush@example.org/requirements.txt",
});

/** A server with a plugin from a folder and one from a repository. */
async function server() {
  const box = await sandbox({ moons: pluginFolder("moons", "export {};") });
  const moons: PluginRequest = { spec: `${box.folder}/moons`, kind: "folder-npm" };
  await installNpmPlugins([moons], box.paths);
  await writePythonPlugins(box.paths.hub, [python]);
  const wanted = wanting({ spec: secret, kind: "pip" }, moons);
  const lock = (before: PluginLock | null = null, plugins = wanted.plugins) =>
    currentLock(box.paths, { ...wanted, plugins }, before);
  return { ...box, moons, lock };
}

const names = ({ plugins }: PluginLock) => plugins.map((plugin) => plugin.package);

const broken = (box: Sandbox) =>
  writeTree(box.paths.plugins, { folders: { moons: { "package.json": "{" } } });

describe("the lock of a server", () => {
  it("has all that the server was asked to hold, in that order, and no passwords", async () => {
    await using box = await server();
    const found = await box.lock();
    expect(found).toEqual({
      version: 1,
      channels: ["https://conda.example.org/sky"],
      userRequirementsTxtUrl: "https://example.org/requirements.txt",
      disabled: ["a", "b"],
      plugins: [
        python,
        {
          ...box.moons,
          package: "moons",
          version: "1.0.0",
          content: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      ],
    });
    expect(JSON.stringify(found)).not.toContain("hush");
  });

  it("has nothing that is installed and not asked for", async () => {
    await using box = await server();
    expect(names(await box.lock(null, [box.moons]))).toEqual(["moons"]);
  });

  it("keeps what was locked of a plugin that is broken now", async () => {
    await using box = await server();
    const before = await box.lock();
    await broken(box);
    expect(await box.lock(before)).toEqual(before);
    expect(names(await box.lock(null))).toEqual(["tljh-stars"]);
  });
});

describe("a server made from a lock", () => {
  it("is asked to hold what the first was", async () => {
    await using box = await server();
    expect(lockedInstallation(await box.lock(), null)).toEqual({
      version: 1,
      channels: ["https://conda.example.org/sky"],
      plugins: [{ spec: open, kind: "pip" }, box.moons],
      disabled: ["a", "b"],
      userRequirementsTxtUrl: "https://example.org/requirements.txt",
    });
  });

  it("keeps the passwords that it knows", async () => {
    await using box = await server();
    const before = { ...wanting({ spec: secret, kind: "pip" }), disabled: [] };
    const lock = { ...(await box.lock()), disabled: [] };
    const { disabled: _, ...expected } = { ...before, plugins: [...before.plugins, box.moons] };
    expect(lockedInstallation(lock, before)).toEqual(expected);
  });
});
