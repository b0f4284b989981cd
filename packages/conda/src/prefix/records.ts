import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CondaError } from "../errors.ts";
import type { PrefixRecord, RepodataRecord } from "../types.ts";
import { unreadableRecord } from "./errors.ts";
import { condaJson } from "./json.ts";

export const META = "conda-meta";

/** What is installed below `prefix`, by name; nothing where there is no environment yet. */
export function readPrefixRecords(prefix: string): PrefixRecord[] {
  const directory = join(prefix, META);
  return recordFiles(directory).map((name) => readRecord(join(directory, name)));
}

function recordFiles(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith(".json") && !name.startsWith("."))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function readRecord(file: string): PrefixRecord {
  try {
    return checkedRecord(JSON.parse(readFileSync(file, "utf8")), file);
  } catch (error) {
    throw error instanceof CondaError ? error : unreadableRecord(file, error);
  }
}

/** Fields that older tools leave out are filled; a file without a name is no record. */
function checkedRecord(value: unknown, file: string): PrefixRecord {
  const record = value as Partial<PrefixRecord> | null;
  if (typeof record?.name !== "string" || typeof record.version !== "string") {
    throw unreadableRecord(file, undefined);
  }
  return {
    ...(record as PrefixRecord),
    build: record.build ?? "",
    build_number: record.build_number ?? 0,
    depends: record.depends ?? [],
    files: record.files ?? [],
    paths_data: record.paths_data ?? { paths_version: 1, paths: [] },
  };
}

/** `name-version-build.json`, as conda names it. */
export function recordFileName(record: Pick<RepodataRecord, "name" | "version" | "build">): string {
  return `${record.name}-${record.version}-${record.build}.json`;
}

export function writePrefixRecord(prefix: string, record: PrefixRecord): void {
  // `wx`: never write through a hard link that another tree shares.
  writeFileSync(join(prefix, META, recordFileName(record)), prefixRecordText(record), {
    flag: "wx",
  });
}

/** The text of a record, byte for byte as conda writes it. */
export function prefixRecordText(record: PrefixRecord): string {
  return condaJson({
    ...record,
    constrains: record.constrains ?? [],
    ...(record.track_features !== undefined && { track_features: joined(record.track_features) }),
    ...packageType(record),
    requested_spec: record.requested_spec ?? "None",
  });
}

function joined(features: string | readonly string[]): string {
  return typeof features === "string" ? features : features.join(" ");
}

function packageType(record: RepodataRecord): { package_type?: string } {
  if (record.noarch === undefined) return {};
  return { package_type: record.noarch === "python" ? "noarch_python" : "noarch_generic" };
}
