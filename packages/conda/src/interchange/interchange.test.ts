import { copyFileSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeChannel, writeUnpacked } from "../../test/support/channel.ts";
import { testEnvironment } from "../../test/support/environment.ts";
import type { FixturePackage } from "../../test/support/package.ts";
import { changeEnvironment } from "../environment/change.ts";
import type { ChangeOptions } from "../environment/options.ts";
import { parseEnvironmentFile } from "./environment-file.ts";
import { type ExplicitSourceOptions, explicitSource } from "./explicit-source.ts";
import { exportExplicit, exportYaml } from "./export.ts";

const PACKAGES: readonly FixturePackage[] = [
  { name: "lib", files: { "share/lib": "" } },
  { name: "tool", depends: ["lib"], files: { "share/tool": "" }, license: "MIT" },
  { name: "other", files: { "share/other": "" }, format: "tar.bz2" },
];

/** An environment that holds `tool`, and others to be made of what is exported from it. */
async function exported() {
  const env = testEnvironment();
  const channel = writeChannel(join(env.root, "channel"), PACKAGES);
  const options = { ...env.options, channels: [channel.url] };
  await changeEnvironment({ ...options, specs: ["tool"] });
  const { text } = exportExplicit(env.prefix, { platform: "linux-64" });
  const read = (lock: string) => {
    const file = parseEnvironmentFile(lock, "lock.txt", "linux-64");
    return file.kind === "explicit" ? file.packages : [];
  };
  const apply = (lock: string, more: Partial<ChangeOptions>, how: ExplicitSourceOptions = {}) =>
    changeEnvironment({ ...options, exact: true, ...more }, explicitSource(read(lock), how));
  return { env, channel, options, text, apply };
}

const recordOf = (prefix: string, name: string) =>
  JSON.parse(readFileSync(join(prefix, "conda-meta", `${name}-1.0-0.json`), "utf8"));

describe("an exported lock", { timeout: 60_000 }, () => {
  it("makes the same environment elsewhere, without asking a channel for its list of packages", async () => {
    const { env, text, apply } = await exported();
    const again = { prefix: join(env.root, "again"), cacheDir: join(env.root, "again-pkgs") };
    const { records } = await apply(text, again);
    expect(records.map(({ name }) => name)).toEqual(["lib", "tool"]);
    expect(exportExplicit(again.prefix, { platform: "linux-64" }).text).toBe(text);
    const { name, depends, license, sha256, url } = recordOf(again.prefix, "tool");
    expect({ name, depends, license, sha256, url }).toMatchObject({
      depends: ["lib"],
      license: "MIT",
    });
    const inCache = join(again.cacheDir, "tool-1.0-0/info/repodata_record.json");
    expect(JSON.parse(readFileSync(inCache, "utf8"))).toMatchObject({ depends: ["lib"], sha256 });
    expect(readdirSync(again.cacheDir)).not.toContain("repodata");
  });

  it("leaves alone what is as it says, and takes out what it does not list when told to", async () => {
    const { options, text, apply } = await exported();
    expect((await apply(text, {})).changed).toBe(false);
    await changeEnvironment({ ...options, specs: ["other"] });
    expect((await apply(text, {})).changed).toBe(false);
    const { records } = await apply(text, {}, { prune: true });
    expect(records.map(({ name }) => name)).toEqual(["lib", "tool"]);
  });

  it("whose package is another by now is refused, and nothing changes", async () => {
    const { env, text, apply } = await exported();
    const wrong = text.replaceAll(/sha256:\w{8}/g, "sha256:00000000");
    const more = { prefix: join(env.root, "again"), cacheDir: join(env.root, "again-pkgs") };
    await expect(apply(wrong, more)).rejects.toMatchObject({ code: "CONDA_PACKAGE_DAMAGED" });
    expect(readdirSync(env.root)).not.toContain("again");
  });

  it("whose archive holds another package is refused; without hashes it is taken with a warning", async () => {
    const { env, channel, apply } = await exported();
    const lock = (fn: string) => `@EXPLICIT\n${channel.url}/linux-64/${fn}\n`;
    const more = { prefix: join(env.root, "again") };
    await apply(lock("other-1.0-0.tar.bz2"), more);
    expect(env.events).toContainEqual(
      expect.objectContaining({ code: "CONDA_FILE_WITHOUT_HASHES" }),
    );
    const { folder, file } = { folder: join(env.root, "channel/linux-64"), file: "evil-9-0.conda" };
    copyFileSync(join(folder, "tool-1.0-0.conda"), join(folder, file));
    await expect(apply(lock(file), more)).rejects.toMatchObject({
      code: "CONDA_PACKAGE_MISNAMED",
      message: expect.stringContaining("tool-1.0-0"),
    });
  });
});

it("refuses an archive that does not say what it depends on", async () => {
  const { options } = testEnvironment();
  const { directory, record } = writeUnpacked(options.cacheDir, { name: "tool" });
  rmSync(join(directory, "info/index.json"));
  const { name, version, build, subdir, fn, url, channel, sha256 = "" } = record;
  const source = explicitSource([{ name, version, build, subdir, fn, url, channel, sha256 }]);
  await expect(source.solve({ specs: [], installed: [] }, options)).rejects.toMatchObject({
    code: "CONDA_PACKAGE_UNDESCRIBED",
    message: expect.stringContaining(url),
  });
});

describe("an exported environment.yml", { timeout: 60_000 }, () => {
  it("has channels, packages with their builds, and what was asked for alone where that is wanted", async () => {
    const { env, channel } = await exported();
    const options = { name: "user", channels: [channel.url] };
    const head = `name: user\nchannels:\n  - ${channel.url}\ndependencies:\n`;
    expect(exportYaml(env.prefix, options)).toBe(`${head}  - lib=1.0=0\n  - tool=1.0=0\n`);
    expect(exportYaml(env.prefix, { ...options, withoutBuilds: true })).toContain("- tool=1.0\n");
    expect(exportYaml(env.prefix, { ...options, fromHistory: true })).toBe(`${head}  - tool\n`);
  });
});

describe("a change that prunes", { timeout: 60_000 }, () => {
  it("keeps what is asked for now and what that needs, and nothing of earlier", async () => {
    const { options } = await exported();
    await changeEnvironment({ ...options, specs: ["other"] });
    const { records } = await changeEnvironment({ ...options, specs: ["lib"], prune: true });
    expect(records.map(({ name }) => name)).toEqual(["lib"]);
  });
});
