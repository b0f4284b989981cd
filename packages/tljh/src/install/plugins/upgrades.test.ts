import { describe, expect, it } from "vitest";
import type { LockedPlugin, PluginRequest } from "../../plugins/index.ts";
import type { Installation } from "../installation.ts";
import type { PluginPackage } from "./inventory.ts";
import { findUpgrades, type Sources, withUpgrades } from "./upgrades.ts";

const sha256 = "0".repeat(64);

/** A world in which everything is at version 2.0, unless the spec names another. */
const sources: Sources = {
  npm: async (spec) => {
    const version = /.@([\d.]+)$/.exec(spec)?.[1] ?? "2.0.0";
    if (version === "9.9.9") throw new Error("no such version");
    return { package: "tljh-stars", version, integrity: `sha512-${version}` };
  },
  pip: async (spec) => {
    const version = spec.split("==")[1] ?? "2.0";
    const url = spec.startsWith("git+") ? { url: "git+https://example.org/m@new" } : { sha256 };
    const archive = { name: "tljh-moons", version, ...url };
    return { name: "tljh-moons", version, origin: { url: spec }, archive };
  },
  folder: async ({ spec }) => (spec === "/gone" ? null : { content: "new", version: "3.0" }),
};

function installed(request: PluginRequest, facts: object = {}) {
  const isNode = request.kind.endsWith("npm");
  const name = isNode ? "tljh-stars" : "tljh-moons";
  const found: PluginPackage = {
    package: name,
    version: "1.0",
    language: isNode ? "typescript" : "python",
    request,
    plugins: ["x"],
  };
  const locked = { ...request, package: name, version: "1.0", archives: [], ...facts };
  const find = (to: string | null = null, named = true) =>
    findUpgrades([found], { to, named }, [locked as unknown as LockedPlugin], sources);
  return { find };
}

const npm = (spec: string): PluginRequest => ({ spec, kind: "npm" });
const pip = (spec: string): PluginRequest => ({ spec, kind: "pip" });

describe("an upgrade", () => {
  it("of npm leads to what its spec allows", async () => {
    const request = npm("npm:tljh-stars@^1");
    expect(await installed(request).find()).toEqual([
      {
        package: "tljh-stars",
        from: "1.0",
        to: "2.0.0",
        before: request,
        request,
        pin: { ...request, package: "tljh-stars", version: "2.0.0", integrity: "sha512-2.0.0" },
      },
    ]);
  });

  it("of pip is pinned by the archive that was found, without the address's password", async () => {
    const request = pip("tljh-moons>=1");
    const [upgrade] = await installed(request).find();
    expect(upgrade).toMatchObject({
      to: "2.0",
      request,
      pin: { archives: [{ name: "tljh-moons", version: "2.0", sha256 }] },
    });
    const secret = pip("git+https://ada:hush@example.org/m");
    const [moved] = await installed(secret).find();
    expect(moved?.request).toEqual(secret);
    expect(JSON.stringify(moved?.pin)).not.toContain("hush");
  });

  it("of a repository is one though the version is the same, if the commit is another", async () => {
    const request = pip("git+https://example.org/m");
    const at = (commit: string) => ({
      version: "2.0",
      archives: [
        { name: "tljh-moons", version: "2.0", url: `git+https://example.org/m@${commit}` },
      ],
    });
    expect(await installed(request, at("old")).find()).toHaveLength(1);
    expect(await installed(request, at("new")).find()).toEqual([]);
  });

  it("of a folder copies it again if it has changed", async () => {
    const request: PluginRequest = { spec: "/srv/stars", kind: "folder-npm" };
    expect(await installed(request, { content: "old" }).find()).toMatchObject([
      { from: "1.0", to: "3.0", request, pin: null },
    ]);
    expect(await installed(request, { content: "new" }).find()).toEqual([]);
  });

  it("of a folder that is gone is refused, or left out where all are to be upgraded", async () => {
    const { find } = installed({ spec: "/gone", kind: "folder-python" });
    await expect(find()).rejects.toMatchObject({ code: "PLUGIN_PATH_MISSING" });
    expect(await find(null, false)).toEqual([]);
  });

  it("is none where the newest is installed", async () => {
    const newest = { version: "2.0.0", integrity: "sha512-2.0.0" };
    expect(await installed(npm("npm:tljh-stars"), newest).find()).toEqual([]);
    const archive = { name: "tljh-moons", version: "2.0", sha256 };
    const other = { name: "words", version: "1", sha256 };
    const same = { version: "2.0", archives: [archive, other] };
    expect(await installed(pip("tljh-moons"), same).find()).toEqual([]);
  });

  it("is none for what was installed by hand", async () => {
    const found = { package: "x", version: "1", language: "python", request: null, plugins: [] };
    expect(
      await findUpgrades([found as PluginPackage], { to: null, named: true }, [], sources),
    ).toEqual([]);
  });
});

describe("an upgrade to a version", () => {
  it.each([
    [npm("npm:tljh-stars@^1"), "1.4.2", "npm:tljh-stars@1.4.2"],
    [pip("tljh-moons>=1,<2"), "2.1", "tljh-moons==2.1"],
    [pip("tljh-moons[big] >= 1"), "2.1", "tljh-moons[big]==2.1"],
  ])("of %j stays at %s", async (request, to, spec) => {
    const [upgrade] = await installed(request).find(to);
    expect(upgrade).toMatchObject({ to, request: { spec }, pin: { spec, version: to } });
  });

  it("holds at the version that is there", async () => {
    const there = { version: "1.0.0", integrity: "sha512-1.0.0" };
    const [upgrade] = await installed(npm("npm:tljh-stars"), there).find("1.0.0");
    expect(upgrade?.request).toEqual(npm("npm:tljh-stars@1.0.0"));
  });

  it.each([
    pip("git+https://example.org/m"),
    pip("moons @ https://example.org/m.whl"),
    npm("npm:https://example.org/x.tgz"),
    { spec: "/srv/stars", kind: "folder-npm" } as const,
  ])("of %j is refused, since nobody has versions of it", async (request) => {
    await expect(installed(request).find("1.0")).rejects.toMatchObject({
      code: "PLUGIN_VERSION_NOT_CHOSEN",
      message: expect.stringContaining(request.spec),
    });
  });

  it.each(["", "--pre", "1.0 --pre", "../x", "^1"])("%j is refused, which is none", async (to) => {
    await expect(installed(npm("npm:tljh-stars")).find(to)).rejects.toMatchObject({
      code: "PLUGIN_VERSION_INVALID",
      message: expect.stringContaining(JSON.stringify(to)),
    });
  });

  it("that there is not is refused, with what npm said", async () => {
    await expect(installed(npm("npm:tljh-stars")).find("9.9.9")).rejects.toMatchObject({
      code: "PLUGIN_UPGRADE_UNRESOLVED",
      message: expect.stringMatching(/tljh-stars@9\.9\.9 .*no such version/),
    });
  });
});

it("a server with upgrades is asked for their specs, and keeps the pins of all others", async () => {
  const before = npm("npm:tljh-stars@^1");
  const upgrades = await installed(before).find("2.0.0");
  const wanted: Installation = {
    version: 1,
    channels: [],
    plugins: [pip("a"), before, pip("b")],
    userRequirementsTxtUrl: null,
  };
  const pin = (spec: string) => ({ spec, version: "1" }) as LockedPlugin;
  const pins = { plugins: [pin("a"), pin(before.spec)], npm: null };
  const after = withUpgrades(wanted, pins, upgrades);
  expect(after.wanted.plugins).toEqual([pip("a"), npm("npm:tljh-stars@2.0.0"), pip("b")]);
  expect(after.pins.plugins).toMatchObject([
    { spec: "a", version: "1" },
    { spec: "npm:tljh-stars@2.0.0", version: "2.0.0" },
  ]);
});
