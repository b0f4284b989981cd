import type { PackageRecord, RepodataRecord } from "../types.ts";

const FIELDS = [
  "arch",
  "build",
  "build_number",
  "constrains",
  "depends",
  "features",
  "legacy_bz2_md5",
  "legacy_bz2_size",
  "license",
  "license_family",
  "md5",
  "name",
  "noarch",
  "platform",
  "python_site_packages_path",
  "sha256",
  "size",
  "subdir",
  "timestamp",
  "track_features",
  "version",
] as const satisfies readonly (keyof PackageRecord)[];

/** The fields of a record that conda knows, and none that a channel adds for itself. */
export function packageRecord(raw: PackageRecord): PackageRecord {
  const known = FIELDS.filter((field) => raw[field] !== undefined && raw[field] !== null);
  const picked = Object.fromEntries(known.map((field) => [field, raw[field]]));
  return { constrains: [], depends: [], ...picked } as unknown as PackageRecord;
}

/** A record as a channel gives it, with where its archive usually is. */
export function located(raw: PackageRecord, subdirUrl: string, fn: string): RepodataRecord {
  return { ...packageRecord(raw), fn, url: `${subdirUrl}/${fn}`, channel: subdirUrl };
}
