import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zstd } from "../archive/compress.ts";
import { type Packable, packMessage } from "../archive/msgpack.ts";
import { type ChannelEntry, repodata } from "./repodata.ts";

type Records = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** In shards, digests are bytes, not text (CEP 16). */
function withBytes(records: Records): Packable {
  const changed = Object.entries(records).map(([name, record]) => [
    name,
    {
      ...(record as Record<string, Packable>),
      md5: Buffer.from(String(record.md5), "hex"),
      sha256: Buffer.from(String(record.sha256), "hex"),
    },
  ]);
  return Object.fromEntries(changed);
}

/**
 * Sharded repodata (CEP 16): an index that names, for each package name, one small file with that
 * package's records.
 */
export async function writeShards(
  folder: string,
  subdir: string,
  entries: readonly ChannelEntry[],
): Promise<void> {
  const shards: Record<string, Packable> = {};
  await mkdir(join(folder, "shards"), { recursive: true });
  const byName = Map.groupBy(entries, (one) => String(one.record.name));
  for (const [name, own] of [...byName].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { packages, "packages.conda": conda } = repodata(subdir, own);
    const content = { packages: withBytes(packages), "packages.conda": withBytes(conda) };
    const packed = await zstd(packMessage({ ...content, removed: [] }));
    const digest = createHash("sha256").update(packed).digest();
    await writeFile(join(folder, "shards", `${digest.toString("hex")}.msgpack.zst`), packed);
    shards[name] = digest;
  }
  const info = { base_url: "./", shards_base_url: "./shards/", subdir };
  const index = packMessage({ info, shards, version: 1 });
  await writeFile(join(folder, "repodata_shards.msgpack.zst"), await zstd(index, 9));
}
