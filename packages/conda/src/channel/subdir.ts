import { zstdDecompressSync } from "node:zlib";
import type { PackageRecord, RepodataRecord } from "../types.ts";
import { type MsgpackValue, msgpackToJson, readMsgpack } from "./msgpack.ts";
import { located } from "./record.ts";
import type { Patience, RepodataFetcher } from "./repodata-fetcher.ts";
import { WholeSubdir } from "./whole-subdir.ts";

/** The forms in which a channel may serve a subdir's repodata, the best first, as rattler asks for them. */
const FORMS = [
  "repodata_shards.msgpack.zst",
  "repodata.json.zst",
  "repodata.json.bz2",
  "repodata.json",
] as const;

/** One folder of a channel, in whatever form its repodata is served. */
export interface SubdirRepodata {
  readonly form: "none" | "sharded" | "whole";
  readonly url: string;
  /**
   * What the solver is given at an address. It asks for each form in turn, and gets the whole
   * repodata, in whatever form it was served, at the last one, as text.
   */
  serve(url: string): Promise<Buffer | undefined>;
  /** Those of the names of which the subdir has a package. */
  names(wanted: Iterable<string>): Promise<Set<string>>;
  /**
   * The records of these files, given as file name → package name. What is not there is left out. The
   * URL is the usual one; a channel may keep its packages elsewhere (CEP 15), which the solver knows.
   */
  records(wanted: ReadonlyMap<string, string>): Promise<Map<string, RepodataRecord>>;
}

const EMPTY_REPODATA = '{"packages":{},"packages.conda":{},"removed":[],"repodata_version":1}';

/** In place of a subdir that a channel does not have, but the solver insists on. */
export function emptySubdir(url: string): SubdirRepodata {
  return {
    form: "none",
    url,
    serve: async (file) =>
      file === `${url}/repodata.json` ? Buffer.from(EMPTY_REPODATA) : undefined,
    names: async () => new Set(),
    records: async () => new Map(),
  };
}

/** From the first mirror that answers; `undefined` where the channel has no such subdir. */
export function openSubdir(
  url: string,
  fetcher: RepodataFetcher,
): Promise<SubdirRepodata | undefined> {
  return fetcher.atMirror(url, (address, patience) => openAt(url, address, fetcher, patience));
}

async function openAt(
  url: string,
  address: string,
  fetcher: RepodataFetcher,
  patience: Patience,
): Promise<SubdirRepodata | undefined> {
  for (const form of FORMS) {
    const file = `${address}/${form}`;
    if ((await fetcher.find(file, patience)) === undefined) continue;
    return form === FORMS[0]
      ? new ShardedSubdir(url, file, fetcher)
      : new WholeSubdir(url, file, fetcher);
  }
  return undefined;
}

/** Sharded repodata: an index of names, and a small file of records for each name (CEP 16). */
class ShardedSubdir implements SubdirRepodata {
  readonly form = "sharded";
  readonly url: string;
  readonly #file: string;
  readonly #fetcher: RepodataFetcher;
  #index: Promise<ShardIndex> | undefined;

  constructor(url: string, file: string, fetcher: RepodataFetcher) {
    this.url = url;
    this.#file = file;
    this.#fetcher = fetcher;
  }

  serve(url: string): Promise<Buffer | undefined> {
    if (url === `${this.url}/${FORMS[0]}`) return this.#fetcher.read(this.#file);
    return this.#read(url);
  }

  /** Content with its hash as its name is the same wherever it comes from. */
  #read(url: string): Promise<Buffer | undefined> {
    return this.#fetcher.atMirror(url, (address, patience) =>
      this.#fetcher.read(address, patience),
    );
  }

  async names(wanted: Iterable<string>): Promise<Set<string>> {
    const { shards } = await this.#readIndex();
    return new Set([...wanted].filter((name) => shards.has(name)));
  }

  async records(wanted: ReadonlyMap<string, string>): Promise<Map<string, RepodataRecord>> {
    const index = await this.#readIndex();
    const names = [...new Set(wanted.values())];
    const shards = await Promise.all(names.map((name) => this.#shard(index, name)));
    const records = shards.flatMap((shard) => [...shard]);
    return new Map(
      records.filter(([fn]) => wanted.has(fn)).map(([fn, raw]) => [fn, located(raw, this.url, fn)]),
    );
  }

  #readIndex(): Promise<ShardIndex> {
    this.#index ??= this.#fetcher
      .read(this.#file)
      .then((data) => this.#parse(this.#file, data))
      .then((map) => shardIndex(map, `${this.url}/`));
    return this.#index;
  }

  async #shard(index: ShardIndex, name: string): Promise<Map<string, PackageRecord>> {
    const hash = index.shards.get(name);
    if (!Buffer.isBuffer(hash)) return new Map();
    const file = new URL(`${hash.toString("hex")}.msgpack.zst`, index.shardsUrl).href;
    const shard = await this.#parse(file, await this.#read(file));
    const packages = ["packages", "packages.conda"].flatMap((key) => [...mapOf(shard.get(key))]);
    return new Map(packages.map(([fn, raw]) => [fn, msgpackToJson(raw) as PackageRecord]));
  }

  async #parse(url: string, data: Buffer | undefined): Promise<ReadonlyMap<string, MsgpackValue>> {
    try {
      return mapOf(readMsgpack(zstdDecompressSync(data ?? Buffer.alloc(0))));
    } catch (error) {
      throw await this.#fetcher.damaged(url, error);
    }
  }
}

interface ShardIndex {
  readonly shardsUrl: string;
  readonly shards: ReadonlyMap<string, MsgpackValue>;
}

function shardIndex(index: ReadonlyMap<string, MsgpackValue>, at: string): ShardIndex {
  const base = mapOf(index.get("info")).get("shards_base_url");
  const written = typeof base === "string" && base !== "" ? base.replace(/\/*$/, "/") : "./";
  return { shardsUrl: new URL(written, at).href, shards: mapOf(index.get("shards")) };
}

function mapOf(value: MsgpackValue | undefined): ReadonlyMap<string, MsgpackValue> {
  return value instanceof Map ? value : new Map();
}
