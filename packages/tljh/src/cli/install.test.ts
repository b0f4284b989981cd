import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import * as preflight from "../install/preflight.ts";
import { serverPaths } from "../system/paths.ts";
import { installCommand } from "./install.ts";

const { applyServer } = vi.hoisted(() => ({ applyServer: vi.fn() }));

// Nothing here may change the machine that it runs on.
vi.mock("./apply.ts", () => ({ applyServer }));
vi.mock("../install/preflight.ts", { spy: true });

let prefix = "";

const install = (...args: string[]) => installCommand().parseAsync(args, { from: "user" });

function record(installation: object): void {
  const { installation: path } = serverPaths();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ version: 1, channels: [], plugins: [], ...installation }));
}

/** A lock of packages that pip installs. */
function lock(...names: string[]) {
  const plugins = names.map((name) => ({
    spec: name,
    kind: "pip",
    package: name,
    version: "1.0",
    archives: [],
  }));
  return { version: 1, channels: ["https://x.org/locked"], plugins };
}

beforeEach(() => {
  prefix = mkdtempSync(join(tmpdir(), "tljh-install-"));
  vi.stubEnv("TLJH_INSTALL_PREFIX", prefix);
  applyServer.mockReset();
  const { checkSystem, checkRoot, checkArchitecture, checkSystemd, checkDisk, checkPort } =
    preflight;
  for (const check of [checkSystem, checkRoot, checkArchitecture])
    vi.mocked(check as () => void)
      .mockReset()
      .mockReturnValue();
  for (const check of [checkSystemd, checkDisk, checkPort])
    vi.mocked(check as () => Promise<void>)
      .mockReset()
      .mockResolvedValue();
});

describe("tljh install", () => {
  it("asks for what its flags say, each of which may be repeated", async () => {
    await install("--admin", "alice:pw", "bob", "--admin", "carol", "--plugin", "tljh-a", "npm:b");
    const { admins, wanted, json, paths } = applyServer.mock.lastCall?.[0] ?? {};
    expect([paths.prefix, json]).toEqual([prefix, false]);
    expect(admins).toEqual([
      { name: "alice", password: "pw" },
      { name: "bob", password: null },
      { name: "carol", password: null },
    ]);
    expect(wanted).toMatchObject({
      channels: ["conda-forge"],
      plugins: [
        { spec: "tljh-a", kind: "pip" },
        { spec: "npm:b", kind: "npm" },
      ],
    });
  });

  it("adds to what was asked for before", async () => {
    const plugin = { spec: "tljh-old", kind: "pip" };
    record({
      channels: ["https://x.org/c"],
      plugins: [plugin],
      userRequirementsTxtUrl: "https://x.org/r",
    });
    await install("--plugin", "tljh-new", "--json");
    expect(applyServer.mock.lastCall?.[0]).toMatchObject({
      json: true,
      wanted: {
        channels: ["https://x.org/c"],
        plugins: [plugin, { spec: "tljh-new", kind: "pip" }],
        userRequirementsTxtUrl: "https://x.org/r",
      },
    });
  });

  it("asks for exactly the plugins of a lock, as they are locked there", async () => {
    record({ plugins: [{ spec: "tljh-old", kind: "pip" }] });
    const file = join(prefix, "their.lock.json");
    writeFileSync(file, JSON.stringify(lock("tljh-locked")));
    await install("--lock", file, "--plugin", "tljh-more");
    expect(applyServer.mock.lastCall?.[0]).toMatchObject({
      wanted: {
        channels: ["https://x.org/locked"],
        plugins: [
          { spec: "tljh-locked", kind: "pip" },
          { spec: "tljh-more", kind: "pip" },
        ],
      },
      pins: { plugins: [{ spec: "tljh-locked", version: "1.0" }] },
    });
  });

  it("without a lock keeps what is locked, but for folders that are named", async () => {
    const folder = join(prefix, "plugin");
    mkdirSync(folder);
    writeFileSync(join(folder, "setup.py"), "");
    const { pluginLock } = serverPaths();
    mkdirSync(dirname(pluginLock), { recursive: true });
    const content = "0".repeat(64);
    const python = { kind: "folder-python", package: "p", version: "1", content, archives: [] };
    const locked = lock("tljh-a", "tljh-b");
    const plugins = [...locked.plugins, { ...python, spec: folder }];
    writeFileSync(pluginLock, JSON.stringify({ ...locked, plugins }));
    const pinned = () =>
      applyServer.mock.lastCall?.[0].pins.plugins.map(({ spec }: { spec: string }) => spec);
    await install("--plugin", "tljh-a");
    expect(pinned()).toEqual(["tljh-a", "tljh-b", folder]);
    await install("--plugin", "tljh-a", folder);
    expect(pinned()).toEqual(["tljh-a", "tljh-b"]);
  });

  it.each([
    [["--lock", "/no/such/lock"], { code: "PLUGIN_LOCK_MISSING" }],
    [["--admin", ":x"], { code: "INSTALL_ADMIN_MALFORMED" }],
    [["--plugin", "./no/such/folder"], { code: "PLUGIN_PATH_MISSING" }],
  ])("%j is refused before anything is changed", async (flags, error) => {
    await expect(install(...flags)).rejects.toMatchObject(error);
    expect(applyServer).not.toHaveBeenCalled();
  });

  it("needs much of the disk the first time, and little for a change", async () => {
    await install();
    mkdirSync(join(prefix, "user"));
    await install();
    const needed = vi.mocked(preflight.checkDisk).mock.calls.map(([, bytes]) => bytes);
    expect(needed).toEqual([preflight.installationNeeds, preflight.changeNeeds]);
  });

  it("looks at the port that config.yaml names", async () => {
    const { configFile } = serverPaths();
    mkdirSync(dirname(configFile), { recursive: true });
    writeFileSync(configFile, "http: {address: 10.0.0.1, port: 8080}\n");
    await install();
    expect(preflight.checkPort).toHaveBeenCalledWith("10.0.0.1", 8080);
  });
});
