import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { preparePackages } from "../cache/prepare.ts";
import { packageRecord } from "../channel/record.ts";
import type { EnvironmentOptions, PackageSource } from "../environment/options.ts";
import { channelSource } from "../environment/source.ts";
import { condaJson } from "../prefix/json.ts";
import type { PackageArchive, PackageRecord, RepodataRecord } from "../types.ts";
import type { ExplicitPackage } from "./environment-file.ts";
import { packageMisnamed, packageUnreadable, withoutHashes } from "./messages.ts";

export interface ExplicitSourceOptions {
  /** Take out what is not listed. */
  readonly prune?: boolean;
  /** Fetch nothing: for a plan, that names tell apart is enough. */
  readonly dryRun?: boolean;
}

/**
 * Answers with exactly the packages of a list, for a change that is `exact`. What a channel would say of
 * them, an archive says itself: the list alone says where it is and what its hash is.
 */
export function explicitSource(
  packages: readonly ExplicitPackage[],
  { prune = false, dryRun = false }: ExplicitSourceOptions = {},
): PackageSource {
  return {
    async solve({ installed }, options) {
      const bare = packages.filter(({ sha256, md5 }) => sha256 === undefined && md5 === undefined);
      if (bare.length > 0) options.onEvent?.(withoutHashes(bare.length));
      const known = new Map(installed.map((record) => [record.name, record]));
      const listed = new Set(packages.map(({ name }) => name));
      const rest = prune ? [] : installed.filter(({ name }) => !listed.has(name));
      const same = packages.flatMap((one) => sameAs(one, known.get(one.name)) ?? []);
      const names = new Set(same.map(({ name }) => name));
      const missing = packages.filter(({ name }) => !names.has(name)).map(unknownRecord);
      const found = dryRun ? missing : await described(missing, options);
      return [...rest, ...same, ...found];
    },
    prepare: channelSource.prepare,
  };
}

/** What is installed, where the list means it. */
function sameAs(wanted: ExplicitPackage, installed: RepodataRecord | undefined) {
  if (installed === undefined || installed.fn !== wanted.fn) return undefined;
  if (wanted.sha256 !== undefined && installed.sha256 !== undefined)
    return wanted.sha256 === installed.sha256 ? installed : undefined;
  if (wanted.md5 !== undefined && installed.md5 !== undefined)
    return wanted.md5 === installed.md5 ? installed : undefined;
  return wanted.url === installed.url ? installed : undefined;
}

/** What the list alone says. */
function unknownRecord(one: ExplicitPackage): RepodataRecord {
  return { ...one, build_number: 0, depends: [] };
}

async function described(
  records: readonly RepodataRecord[],
  { cacheDir, mirrors, onEvent, signal }: EnvironmentOptions,
): Promise<RepodataRecord[]> {
  if (records.length === 0) return [];
  const archives = await preparePackages(records, { cacheDir, mirrors, onEvent, signal });
  return archives.map((archive) => {
    const record = describedRecord(archive);
    // The cache's own note of it was made of the list alone.
    const note = join(archive.directory, "info/repodata_record.json");
    rmSync(note);
    writeFileSync(note, `${condaJson(record)}\n`, { flag: "wx", mode: 0o644 });
    return record;
  });
}

function describedRecord({ record, directory }: PackageArchive): RepodataRecord {
  const { fn, url, channel, md5, sha256 } = record;
  const index = readIndex(directory, url);
  const found = `${index.name}-${index.version}-${index.build}`;
  if (found !== `${record.name}-${record.version}-${record.build}`)
    throw packageMisnamed(url, found);
  const hashes = { ...(md5 !== undefined && { md5 }), ...(sha256 !== undefined && { sha256 }) };
  const { md5: _, sha256: __, size: ___, ...described } = packageRecord(index);
  return { ...described, ...hashes, subdir: record.subdir, fn, url, channel };
}

function readIndex(directory: string, url: string): PackageRecord {
  try {
    const index = JSON.parse(readFileSync(join(directory, "info/index.json"), "utf8"));
    if (isRecord(index)) return index;
  } catch (error) {
    throw packageUnreadable(url, error);
  }
  throw packageUnreadable(
    url,
    new Error("info/index.json lacks its name, version or dependencies"),
  );
}

function isRecord(value: unknown): value is PackageRecord {
  const { name, version, build, depends = [] } = (value ?? {}) as Partial<PackageRecord>;
  const isText = (one: unknown) => typeof one === "string";
  return [name, version, build].every(isText) && Array.isArray(depends) && depends.every(isText);
}
