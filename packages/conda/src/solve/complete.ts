import { packageRecord } from "../channel/record.ts";
import type { SubdirRepodata } from "../channel/subdir.ts";
import type { RepodataRecord } from "../types.ts";
import { solveFailed } from "./messages.ts";
import type { Solved } from "./rattler.ts";

/**
 * The whole records of a solution. The solver gives only some of their fields; the rest is read from
 * the repodata it was made of, or, for a package that no channel has any more, from what is installed.
 */
export async function completeRecords(
  solution: readonly Solved[],
  subdirs: readonly SubdirRepodata[],
  installed: readonly RepodataRecord[],
): Promise<readonly RepodataRecord[]> {
  const byUrl = new Map(installed.map((record) => [record.url, installedRecord(record)]));
  for (const subdir of subdirs) {
    const wanted = solution.filter((one) => one.subdirUrl === subdir.url);
    const records = await subdir.records(new Map(wanted.map(({ fn, name }) => [fn, name])));
    for (const { fn, url } of wanted) {
      const record = records.get(fn);
      if (record !== undefined) byUrl.set(url, { ...record, url });
    }
  }
  return solution.map(({ url }) => {
    const record = byUrl.get(url);
    if (record === undefined) throw solveFailed(new Error(`no channel describes ${url}`));
    return record;
  });
}

/** What conda-meta adds about the prefix is left out. */
function installedRecord(record: RepodataRecord): RepodataRecord {
  const { fn, url, channel } = record;
  return { ...packageRecord(record), fn, url, channel };
}
