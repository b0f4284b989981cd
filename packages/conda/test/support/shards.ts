import { createHash } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import type { RepodataRecord } from "../../src/types.ts";
import { writeMsgpack } from "./msgpack.ts";

/** A subdir's sharded repodata, by path below the subdir (CEP 16). */
export function writeShards(
  subdir: string,
  records: readonly RepodataRecord[],
): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  const shards: Record<string, Buffer> = {};
  const own = records.filter((record) => record.subdir === subdir);
  for (const [name, group] of Map.groupBy(own, (record) => record.name)) {
    const bytes = zstdCompressSync(writeMsgpack(shard(group)));
    const hash = createHash("sha256").update(bytes).digest();
    shards[name] = hash;
    files[`shards/${hash.toString("hex")}.msgpack.zst`] = bytes;
  }
  const info = { subdir, base_url: "./", shards_base_url: "./shards/" };
  const index = writeMsgpack({ info, shards });
  return { ...files, "repodata_shards.msgpack.zst": zstdCompressSync(index) };
}

function shard(records: readonly RepodataRecord[]) {
  const of = (extension: string) =>
    Object.fromEntries(
      records
        .filter((record) => record.fn.endsWith(extension))
        .map(({ fn, url: _, channel: __, md5, sha256, ...record }) => [
          fn,
          {
            ...record,
            ...(md5 === undefined ? {} : { md5: Buffer.from(md5, "hex") }),
            ...(sha256 === undefined ? {} : { sha256: Buffer.from(sha256, "hex") }),
          },
        ]),
    );
  return { packages: of(".tar.bz2"), "packages.conda": of(".conda"), removed: [] };
}
