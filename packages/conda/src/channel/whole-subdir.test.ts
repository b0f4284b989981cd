import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { testFolder } from "../../test/support/folder.ts";
import { createHttpClient } from "../fetch/client.ts";
import { RepodataCache } from "./repodata-cache.ts";
import { RepodataFetcher } from "./repodata-fetcher.ts";
import { emptySubdir, openSubdir, type SubdirRepodata } from "./subdir.ts";
import { keepReachable } from "./whole-subdir.ts";

const record = (name: string, depends: readonly string[] = []) => ({
  name,
  version: "1",
  build: "0",
  build_number: 0,
  depends,
});

const REPODATA = {
  info: { subdir: "noarch", base_url: "https://elsewhere.example/" },
  packages: { "a-1-0.tar.bz2": record("a", ["b >=1"]), "x-1-0.tar.bz2": record("x") },
  "packages.conda": {
    "b-1-0.conda": record("b"),
    "a-1-1.conda": record("a"),
    "y.conda": record("y"),
  },
  removed: [],
};

async function subdir(text: string, extension = ".zst"): Promise<SubdirRepodata> {
  const folder = testFolder();
  const body = extension === ".zst" ? zstdCompressSync(text) : text;
  writeFileSync(join(folder, `repodata.json${extension}`), body);
  const cache = new RepodataCache(join(folder, "cache"));
  const options = { cache, client: createHttpClient(), onEvent: () => {} };
  const opened = await openSubdir(pathToFileURL(folder).href, new RepodataFetcher(options));
  return opened ?? emptySubdir("none");
}

const served = async (one: SubdirRepodata) =>
  JSON.parse(String(await one.serve(`${one.url}/repodata.json`)));

describe("repodata in one file", () => {
  it("is served whole unless less will do", async () => {
    const one = await subdir(JSON.stringify(REPODATA));
    expect(await served(one)).toEqual(REPODATA);
    expect(await one.serve(`${one.url}/repodata.json.zst`)).toBeUndefined();
  });

  it.each([".zst", ""])("is cut to what is asked for and all below it (%s)", async (extension) => {
    const one = await subdir(JSON.stringify(REPODATA, null, 2), extension);
    await keepReachable([one, emptySubdir("none")], ["a", "unknown"]);
    const { info, packages, "packages.conda": conda } = await served(one);
    expect(info).toEqual(REPODATA.info);
    expect([Object.keys(packages), Object.keys(conda)]).toEqual([
      ["a-1-0.tar.bz2"],
      ["b-1-0.conda", "a-1-1.conda"],
    ]);
    const wanted = new Map([["b-1-0.conda", "b"]]);
    expect((await one.records(wanted)).get("b-1-0.conda")).toMatchObject(record("b"));
    expect(await one.names(["x", "z"])).toEqual(new Set(["x"]));
  });

  it("is cut to nothing where nothing of it is needed", async () => {
    const one = await subdir(JSON.stringify(REPODATA));
    await keepReachable([one], ["z"]);
    expect(await served(one)).toMatchObject({ packages: {}, "packages.conda": {} });
  });

  it("stays whole beside a sharded one", async () => {
    const one = await subdir(JSON.stringify(REPODATA));
    await keepReachable([one, { ...emptySubdir("sharded"), form: "sharded" }], ["z"]);
    expect(await served(one)).toEqual(REPODATA);
  });

  it.each(["<html>", '{"packages":{"a":', '{"packages":{"a":{}}}'])(
    "that cannot be read is damaged: %s",
    async (text) => {
      const one = await subdir(text);
      await expect(keepReachable([one], ["a"])).rejects.toMatchObject({
        code: "CONDA_REPODATA_DAMAGED",
      });
    },
  );
});
