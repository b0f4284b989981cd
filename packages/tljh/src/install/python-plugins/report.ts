import * as z from "zod";
import type { LockedArchive } from "../../plugins/lock/format.ts";
import { publicSpec } from "../../plugins/lock/public-spec.ts";
import { normalName } from "../distributions.ts";

const origin = z.object({
  url: z.string(),
  subdirectory: z.string().optional(),
  archive_info: z
    .object({ hash: z.string().optional(), hashes: z.record(z.string(), z.string()).optional() })
    .optional(),
  vcs_info: z.object({ vcs: z.string(), commit_id: z.string() }).optional(),
  dir_info: z.object({}).optional(),
});

const item = z.object({
  metadata: z.object({ name: z.string(), version: z.string() }),
  download_info: origin,
  is_direct: z.boolean().default(false),
});

const report = z.object({ install: z.array(item) });

/** Where pip took a distribution from (PEP 610). */
export type Origin = z.infer<typeof origin>;

/** One thing that pip installed, by `pip install --report` (its version 1). */
export interface Installed {
  /** As an index spells it. */
  readonly name: string;
  readonly version: string;
  readonly origin: Origin;
  /** What a lock holds of it; undefined for a folder, whose files are looked at instead. */
  readonly archive: LockedArchive | undefined;
}

export function parseReport(text: string): Installed[] {
  return report.parse(JSON.parse(text)).install.map(({ metadata, download_info, is_direct }) => {
    const name = normalName(metadata.name);
    const { version } = metadata;
    const archive = lockedArchive({ name, version }, download_info, is_direct);
    return { name, version, origin: download_info, archive };
  });
}

/** `direct_url.json` beside a distribution's metadata, which has only what came from no index. */
export function parseOrigin(text: string): Origin | undefined {
  const parsed = origin.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : undefined;
}

export function lockedArchive(
  distribution: { readonly name: string; readonly version: string },
  from: Origin,
  isDirect: boolean,
): LockedArchive | undefined {
  if (from.dir_info) return undefined;
  const { name, version } = distribution;
  const sha256 = from.archive_info?.hashes?.sha256 ?? from.archive_info?.hash?.split("sha256=")[1];
  return {
    name,
    version,
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(isDirect ? { url: address(from) } : {}),
  };
}

function address({ url, vcs_info, subdirectory }: Origin): string {
  const place = vcs_info ? `${vcs_info.vcs}+${url}@${vcs_info.commit_id}` : url;
  return publicSpec(subdirectory ? `${place}#subdirectory=${subdirectory}` : place);
}
