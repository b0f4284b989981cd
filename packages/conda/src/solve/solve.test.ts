import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { writeChannel } from "../../test/support/channel.ts";
import { testFolder } from "../../test/support/folder.ts";
import type { FixturePackage } from "../../test/support/package.ts";
import { serveFiles, testServer } from "../../test/support/server.ts";
import { writeShards } from "../../test/support/shards.ts";
import type { CondaEvent } from "../events.ts";
import { availableNames, type SolveRequest, solve } from "./solve.ts";

const PACKAGES: readonly FixturePackage[] = [
  {
    name: "python",
    version: "3.13.1",
    depends: ["__glibc >=2.17"],
    python_site_packages_path: "lib/python3.13/site-packages",
    license: "Python-2.0",
    timestamp: 1733600000000,
    track_features: "py_freethreading",
  },
  { name: "numpy", version: "1.26", depends: ["python >=3.13"], format: "tar.bz2" },
  { name: "numpy", version: "2.1", depends: ["python >=3.13"], constrains: ["scipy >=1.14"] },
  { name: "tool", noarch: "python", depends: ["python", "numpy"] },
  { name: "needy", depends: ["__glibc >=9"] },
];

function testSolve(packages = PACKAGES) {
  const folder = testFolder();
  const channel = writeChannel(join(folder, "channel"), packages);
  const events: CondaEvent[] = [];
  const defaults = {
    channels: [channel.url],
    cacheDir: join(folder, "pkgs"),
    platform: "linux-64" as const,
    virtualPackages: [{ name: "__glibc", version: "2.41", build: "0" }],
    onEvent: (event: CondaEvent) => events.push(event),
  };
  const run = (specs: readonly string[], more: Partial<SolveRequest> = {}) =>
    solve({ ...defaults, specs, ...more });
  const names = (wanted: readonly string[]) => availableNames({ ...defaults, names: wanted });
  return { folder, channel, events, run, names };
}

const sorted = <T extends { readonly fn: string }>(records: readonly T[]) =>
  records.toSorted((a, b) => (a.fn < b.fn ? -1 : 1));

describe("solve", () => {
  it("gives whole records, as the channel describes them, and no virtual packages", async () => {
    const { channel, run } = testSolve();
    const solution = sorted(await run(["tool"]));
    expect(solution.map(({ fn }) => fn)).toEqual([
      "numpy-2.1-0.conda",
      "python-3.13.1-0.conda",
      "tool-1.0-0.conda",
    ]);
    for (const record of solution) {
      const described = channel.records.find(({ fn }) => fn === record.fn);
      expect(record).toEqual({ constrains: [], ...described });
    }
  });

  it("keeps what is installed at its version while it can", async () => {
    const { channel, run } = testSolve();
    const installed = [channel.record("python"), channel.record("numpy")];
    const kept = sorted(await run(["numpy"], { installed }));
    expect(kept[0]?.version).toBe("1.26");
    const changed = sorted(await run(["numpy >=2"], { installed }));
    expect(changed[0]?.version).toBe("2.1");
  });

  it("keeps what is installed though no channel has it any more", async () => {
    const { channel, run } = testSolve();
    const gone = {
      ...channel.record("numpy"),
      name: "gone",
      fn: "gone-1.0-0.conda",
      url: "https://old.example/linux-64/gone-1.0-0.conda",
      channel: "https://old.example/linux-64",
      files: [],
    };
    const solution = await run(["gone", "python"], { installed: [gone] });
    const { files: _, ...record } = gone;
    expect(solution).toContainEqual({ constrains: [], ...record });
  });

  it("explains, with the specs and the machine, why a request cannot be satisfied", async () => {
    const { run } = testSolve();
    await expect(run(["numpy", "needy"])).rejects.toMatchObject({
      code: "CONDA_UNSOLVABLE",
      message: expect.stringMatching(
        /numpy, needy.*needy 1\.0 would require.*__glibc >=9.*This machine has __glibc 2\.41/s,
      ),
    });
    await expect(run(["nowhere"])).rejects.toMatchObject({
      message: expect.stringContaining("No candidates were found for nowhere"),
    });
  });

  it("names who asks for what excludes one another, and nobody else", async () => {
    const asking = {
      "numpy <2": "tljh-simple",
      "numpy >=2": "conda-meta/pinned",
      tool: "tljh-other",
    };
    const request = testSolve().run(["numpy <2", "numpy >=2"], { asking });
    await expect(request).rejects.toMatchObject({
      message: expect.stringMatching(
        /\ntljh-simple asks for numpy <2\.\nconda-meta\/pinned asks for numpy >=2\.$/,
      ),
    });
  });

  it("says which spec cannot be read", async () => {
    await expect(testSolve().run(["numpy", "a [["])).rejects.toMatchObject({
      code: "CONDA_SPEC_INVALID",
      message: expect.stringContaining('"a [["'),
    });
  });

  it("says that there is no channel at an address", async () => {
    const { run, folder } = testSolve();
    await expect(run(["numpy"], { channels: [`file://${folder}/nowhere`] })).rejects.toMatchObject({
      code: "CONDA_CHANNEL_NOT_FOUND",
      message: expect.stringContaining(`${folder}/nowhere`),
    });
  });

  it("does with a channel that has packages for one platform only", async () => {
    const { folder, run } = testSolve();
    rmSync(join(folder, "channel/noarch"), { recursive: true });
    await expect(run(["numpy"])).resolves.toHaveLength(2);
  });

  it.each([
    ["is not compressed", Buffer.from("x")],
    ["is not JSON", zstdCompressSync("x")],
  ])("says that repodata is damaged that %s", async (_, content) => {
    const { folder, run } = testSolve();
    writeFileSync(join(folder, "channel/noarch/repodata.json.zst"), content);
    await expect(run(["numpy"])).rejects.toMatchObject({
      code: "CONDA_REPODATA_DAMAGED",
      message: expect.stringContaining(`${folder}/channel`),
    });
  });

  it.each(["repodata.json", "repodata.json.zst", "repodata.json.bz2"])(
    "reads %s over HTTP",
    async (form) => {
      const { folder, run } = testSolve();
      const files: Record<string, Uint8Array> = {};
      for (const subdir of ["linux-64", "noarch"]) {
        const json = readFileSync(join(folder, "channel", subdir, "repodata.json"));
        const bz2 = () => spawnSync("bzip2", ["-c"], { input: json }).stdout;
        const file = join(folder, "channel", subdir, form);
        files[`/c/${subdir}/${form}`] = form.endsWith("bz2") ? bz2() : readFileSync(file);
      }
      const server = await testServer(serveFiles(files));
      const solution = sorted(await run(["tool"], { channels: [`${server.url}/c`] }));
      expect(solution.map(({ url }) => url)).toContain(`${server.url}/c/noarch/tool-1.0-0.conda`);
      expect(solution[0]).toMatchObject({ constrains: ["scipy >=1.14"] });
    },
  );

  it("reads sharded repodata, of the packages that it needs only", async () => {
    const { channel, run } = testSolve();
    const files: Record<string, Uint8Array> = {};
    for (const subdir of ["linux-64", "noarch"]) {
      for (const [path, bytes] of Object.entries(writeShards(subdir, channel.records))) {
        files[`/c/${subdir}/${path}`] = bytes;
      }
    }
    const server = await testServer(serveFiles(files));
    const solution = sorted(await run(["numpy"], { channels: [`${server.url}/c`] }));
    const { md5, sha256, timestamp } = channel.record("python");
    expect(solution[1]).toMatchObject({
      name: "python",
      md5,
      sha256,
      timestamp,
      channel: `${server.url}/c/linux-64`,
    });
    expect(server.requests.filter((request) => request.includes("/shards/"))).toHaveLength(2);
  });

  it("reports its phases", async () => {
    const { events, run } = testSolve();
    await run(["numpy"]);
    const done = events.filter(({ type }) => type === "phase.done");
    expect(done).toMatchObject([{ phase: "repodata" }, { phase: "solve", count: 2 }]);
  });

  it("stops when it is told to", async () => {
    const stop = new AbortController();
    const solution = testSolve().run(["numpy"], { signal: stop.signal });
    stop.abort(new Error("stopped"));
    await expect(solution).rejects.toThrow("stopped");
  });
});

describe("availableNames", () => {
  it("tells which packages the channels have", async () => {
    const { names } = testSolve();
    expect(await names(["Tool", "numpy", "mamba"])).toEqual(new Set(["tool", "numpy"]));
  });
});
