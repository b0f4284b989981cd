import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { writeChannel } from "../../test/support/channel.ts";
import { testFolder } from "../../test/support/folder.ts";
import type { FixturePackage } from "../../test/support/package.ts";
import { packConda } from "../../test/support/package.ts";
import type { TarMember } from "../../test/support/tar.ts";
import type { CondaEvent } from "../events.ts";
import type { PackageArchive, RepodataRecord } from "../types.ts";
import { preparePackages } from "./prepare.ts";

const PACKAGES: readonly FixturePackage[] = [
  { name: "python", version: "3.13.1", files: { "bin/python": { content: "x", mode: 0o755 } } },
  { name: "numpy", format: "tar.bz2", files: { "lib/numpy.py": "y" } },
  {
    name: "tool",
    noarch: "python",
    files: { "site-packages/tool.py": "z" },
    entryPoints: ["tool = tool:main"],
  },
];

function testCache(packages = PACKAGES) {
  const folder = testFolder();
  const channel = writeChannel(join(folder, "channel"), packages);
  const cacheDir = join(folder, "pkgs");
  const events: CondaEvent[] = [];
  const prepare = (records: readonly RepodataRecord[] = channel.records) =>
    preparePackages(records, { cacheDir, onEvent: (event) => events.push(event) });
  return { channel, cacheDir, events, prepare };
}

/** An archive of a file `a`, and more. */
const refused = (content: readonly TarMember[], info: readonly TarMember[] = []) =>
  packConda("x", info, [{ path: "a", content: "1" }, ...content]);

/** Repodata can be made to say anything. */
const changed = (record: RepodataRecord, change: Partial<RepodataRecord>) => ({
  ...record,
  ...change,
});

describe("preparePackages", () => {
  it("has all packages unpacked, in the order of the records", async () => {
    const { channel, cacheDir, prepare } = testCache();
    const archives = await prepare();
    expect(archives.map(({ record }) => record)).toEqual(channel.records);
    expect(archives[0]?.directory).toBe(join(cacheDir, "python-3.13.1-0"));
    expect(archives[1]?.paths.paths.map(({ _path }) => _path)).toEqual(["lib/numpy.py"]);
    expect(archives[2]?.link?.noarch?.entry_points).toEqual(["tool = tool:main"]);
  });

  it("leaves what conda would leave, and no archives", async () => {
    const { channel, cacheDir, prepare } = testCache();
    await prepare();
    expect(readdirSync(cacheDir).sort()).toEqual([
      "numpy-1.0-0",
      "python-3.13.1-0",
      "tool-1.0-0",
      "urls.txt",
    ]);
    const text = readFileSync(join(cacheDir, "numpy-1.0-0/info/repodata_record.json"), "utf8");
    expect(JSON.parse(text)).toEqual(channel.record("numpy"));
    expect(readFileSync(join(cacheDir, "urls.txt"), "utf8")).toContain(channel.record("tool").url);
  });

  it("reports both phases until all is done", async () => {
    const { events, prepare } = testCache();
    await prepare();
    const done = events.filter(({ type }) => type === "phase.done");
    expect(done).toMatchObject([
      { phase: "download", count: 3 },
      { phase: "unpack", count: 3 },
    ]);
  });

  it("does nothing for what is there", async () => {
    const { events, prepare } = testCache();
    const first = await prepare();
    events.length = 0;
    expect(await prepare()).toEqual(first);
    expect(events).toEqual([]);
  });

  it.each<[string, (directory: string) => void]>([
    ["a file is gone", (directory) => rmSync(join(directory, "bin/python"))],
    ["a power cut left a file empty", (directory) => truncateSync(join(directory, "bin/python"))],
    [
      "its record is another's",
      (directory) => writeFileSync(join(directory, "info/repodata_record.json"), "{}"),
    ],
    [
      "its record is no JSON",
      (directory) => appendFileSync(join(directory, "info/repodata_record.json"), "}"),
    ],
  ])("unpacks again when %s", async (_, damage) => {
    const { cacheDir, prepare } = testCache();
    await prepare();
    damage(join(cacheDir, "python-3.13.1-0"));
    await prepare();
    expect(readFileSync(join(cacheDir, "python-3.13.1-0/bin/python"), "utf8")).toBe("x");
    expect(readdirSync(cacheDir).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("removes what a killed run left, and not what belongs to one that runs", async () => {
    const { cacheDir, prepare } = testCache();
    // No process has a number as high as this.
    for (const pid of [999_999_999, 1])
      mkdirSync(join(cacheDir, `.unpack-${pid}-1-x`), { recursive: true });
    await prepare();
    expect(readdirSync(cacheDir).filter((name) => name.startsWith("."))).toEqual([".unpack-1-1-x"]);
  });

  it.each<[string, Uint8Array, Partial<RepodataRecord>, string]>([
    ["leads outside", refused([{ path: "../b", content: "" }]), {}, "CONDA_ARCHIVE_UNSAFE"],
    ["is cut short", refused([]).subarray(0, 200), {}, "CONDA_ARCHIVE_DAMAGED"],
    [
      "is not what its list says",
      refused([], [{ path: "info/files", content: "c\n" }]),
      {},
      "CONDA_ARCHIVE_DAMAGED",
    ],
    [
      "has a link.json that is none",
      refused([], [{ path: "info/link.json", content: "{" }]),
      {},
      "CONDA_PACKAGE_INFO_UNREADABLE",
    ],
    ["is larger than it should be", refused([]), { size: 7 }, "CONDA_PACKAGE_DAMAGED"],
    ["has another hash", refused([]), { sha256: "0".repeat(64) }, "CONDA_PACKAGE_DAMAGED"],
    ["has another older hash", refused([]), { md5: "0".repeat(32) }, "CONDA_PACKAGE_DAMAGED"],
  ])("leaves nothing of a package that %s, and names it", async (_, bytes, change, code) => {
    const { channel, cacheDir, prepare } = testCache();
    const { sha256: _sha256, md5: _md5, size: _size, ...record } = channel.record("python");
    writeFileSync(fileURLToPath(record.url), bytes);
    await expect(prepare([{ ...record, ...change }])).rejects.toMatchObject({
      code,
      message: expect.stringContaining("python-3.13.1-0"),
    });
    expect(readdirSync(cacheDir)).toEqual(["urls.txt"]);
  });

  it.each([
    ["fn", "../../etc/x.conda"],
    ["fn", ".conda"],
    ["fn", "a\nb.conda"],
    ["fn", "a\u009bb.conda"],
    ["name", "../x"],
    ["build", "0/../.."],
  ] as const)("does not believe a record whose %s is %j", async (field, value) => {
    const { channel, prepare } = testCache();
    const record = changed(channel.record("python"), { [field]: value });
    await expect(prepare([record])).rejects.toMatchObject({ code: "CONDA_RECORD_UNSAFE" });
  });

  it("refuses an entry point that would be written elsewhere, and leaves nothing of it", async () => {
    const { cacheDir, prepare } = testCache([
      { name: "x", noarch: "python", entryPoints: ["../x = x:main"] },
    ]);
    await expect(prepare()).rejects.toMatchObject({ code: "CONDA_ARCHIVE_UNSAFE" });
    expect(readdirSync(cacheDir)).toEqual(["urls.txt"]);
  });

  it("stops when it is told to", async () => {
    const { channel, cacheDir } = testCache();
    const stop = AbortSignal.abort(new Error("stopped"));
    await expect(preparePackages(channel.records, { cacheDir, signal: stop })).rejects.toThrow(
      "stopped",
    );
  });

  it("leaves nothing half done when it is stopped on the way", async () => {
    const { channel, cacheDir } = testCache();
    const stop = new AbortController();
    const onEvent = (event: CondaEvent) => {
      if (event.type === "phase.progress") stop.abort(new Error("stopped"));
    };
    const prepared = preparePackages(channel.records, { cacheDir, onEvent, signal: stop.signal });
    await expect(prepared).rejects.toThrow("stopped");
    expect(readdirSync(cacheDir).filter((name) => name.startsWith("."))).toEqual([]);
    await expect(preparePackages(channel.records, { cacheDir })).resolves.toHaveLength(3);
  });

  it("tells each package once: what is there at the start, the rest when it is unpacked", async () => {
    const { channel, cacheDir, prepare } = testCache();
    await prepare([channel.record("tool")]);
    const told: string[] = [];
    const onPackage = ({ record, directory }: PackageArchive) => {
      expect(readdirSync(directory)).toContain("info");
      told.push(record.name);
    };
    await preparePackages(channel.records, { cacheDir, onPackage });
    expect(told.toSorted()).toEqual(["numpy", "python", "tool"]);
    expect(told[0]).toBe("tool");
  });

  it.each(["tool", "numpy"])("stops when %s is not wanted after all", async (unwanted) => {
    const { channel, cacheDir, prepare } = testCache();
    await prepare([channel.record("tool")]);
    const onPackage = ({ record }: PackageArchive) => {
      if (record.name === unwanted) throw new Error(`no ${unwanted}`);
    };
    await expect(preparePackages(channel.records, { cacheDir, onPackage })).rejects.toThrow(
      `no ${unwanted}`,
    );
    expect(readdirSync(cacheDir).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("says that the cache cannot be written", async () => {
    const { channel, cacheDir } = testCache();
    writeFileSync(cacheDir, "a file");
    await expect(preparePackages(channel.records, { cacheDir })).rejects.toMatchObject({
      code: "CONDA_CACHE_UNWRITABLE",
    });
  });

  it("stops at the first package that fails", async () => {
    const { channel, prepare } = testCache();
    const records = channel.records.map((record) => changed(record, { sha256: "0".repeat(64) }));
    await expect(prepare(records)).rejects.toMatchObject({ code: "CONDA_PACKAGE_DAMAGED" });
  });
});
