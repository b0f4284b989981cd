import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bzip2, zstd } from "../archive/compress.ts";

/** What repodata needs to know of a package. */
export interface ChannelEntry {
  readonly fileName: string;
  readonly subdir: "linux-64" | "noarch";
  readonly record: Readonly<Record<string, unknown>>;
}

function sorted(entries: readonly ChannelEntry[], ending: string) {
  return Object.fromEntries(
    entries
      .filter((one) => one.fileName.endsWith(ending))
      .sort((a, b) => (a.fileName < b.fileName ? -1 : 1))
      .map((one) => [one.fileName, one.record]),
  );
}

export function repodata(subdir: string, entries: readonly ChannelEntry[]) {
  return {
    info: { subdir },
    packages: sorted(entries, ".tar.bz2"),
    "packages.conda": sorted(entries, ".conda"),
    removed: [],
    repodata_version: 1,
  };
}

/** Writes `repodata.json` with its two compressed forms into each of the channel's folders. */
export async function writeRepodata(
  channel: string,
  entries: readonly ChannelEntry[],
): Promise<void> {
  for (const subdir of ["linux-64", "noarch"] as const) {
    const folder = join(channel, subdir);
    await mkdir(folder, { recursive: true });
    const own = entries.filter((one) => one.subdir === subdir);
    const text = Buffer.from(JSON.stringify(repodata(subdir, own)));
    await writeFile(join(folder, "repodata.json"), text);
    await writeFile(join(folder, "repodata.json.zst"), await zstd(text, 9));
    await writeFile(join(folder, "repodata.json.bz2"), await bzip2(text));
  }
  await writeFile(join(channel, "channeldata.json"), '{"channeldata_version":1,"packages":{}}\n');
}
