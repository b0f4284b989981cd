import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bzip2, zstd } from "../archive/compress.ts";
import { mapParallel } from "../run.ts";
import type { Recipe } from "./model.ts";
import { type BuiltPackage, buildPackage } from "./package.ts";
import { type ChannelEntry, repodata } from "./repodata.ts";
import { writeShards } from "./shards.ts";

/** Writes `repodata.json`, its two compressed forms and its shards into each of the channel's folders. */
async function writeRepodata(channel: string, entries: readonly ChannelEntry[]): Promise<void> {
  for (const subdir of ["linux-64", "noarch"] as const) {
    const folder = join(channel, subdir);
    await mkdir(folder, { recursive: true });
    const own = entries.filter((one) => one.subdir === subdir);
    const text = Buffer.from(JSON.stringify(repodata(subdir, own)));
    await writeFile(join(folder, "repodata.json"), text);
    await writeFile(join(folder, "repodata.json.zst"), await zstd(text, 9));
    await writeFile(join(folder, "repodata.json.bz2"), await bzip2(text));
    await writeShards(folder, subdir, own);
  }
  await writeFile(join(channel, "channeldata.json"), '{"channeldata_version":1,"packages":{}}\n');
}

/** Packs the recipes and writes the channel's indexes. The result leaves the archives out. */
export async function writeChannel(
  channel: string,
  recipes: readonly Recipe[],
): Promise<BuiltPackage[]> {
  await mkdir(join(channel, "linux-64"), { recursive: true });
  await mkdir(join(channel, "noarch"), { recursive: true });
  const bySize = recipes
    .map((one) => ({ one, size: one.files.reduce((sum, file) => sum + file.data.length, 0) }))
    .sort((a, b) => b.size - a.size);
  const built = await mapParallel(bySize, 4, async ({ one }) => {
    const found = await buildPackage(one);
    await writeFile(join(channel, found.subdir, found.fileName), found.archive);
    return { ...found, archive: Buffer.alloc(0) };
  });
  await writeRepodata(channel, built);
  return built;
}
