import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { zstdCompressSync } from "node:zlib";
import type { LinkJson, PackageArchive, PathsJson, RepodataRecord } from "../../src/types.ts";
import { type FixturePackage, type MadePackage, makePackage } from "./package.ts";
import type { TarMember } from "./tar.ts";

export interface FixtureChannel {
  /** `file://…` without a slash at the end. */
  readonly url: string;
  readonly records: readonly RepodataRecord[];
  /** Throws where the channel has none of that name. */
  record(name: string): RepodataRecord;
}

function withLocation(channelUrl: string, made: MadePackage): RepodataRecord {
  const channel = `${channelUrl}/${made.record.subdir}`;
  return { ...made.record, fn: made.fileName, url: `${channel}/${made.fileName}`, channel };
}

function writeSubdir(directory: string, subdir: string, packages: readonly MadePackage[]): void {
  mkdirSync(join(directory, subdir), { recursive: true });
  const of = (extension: string) =>
    Object.fromEntries(
      packages
        .filter((made) => made.record.subdir === subdir && made.fileName.endsWith(extension))
        .map((made) => [made.fileName, made.record]),
    );
  const repodata = JSON.stringify({
    info: { subdir },
    packages: of(".tar.bz2"),
    "packages.conda": of(".conda"),
    removed: [],
    repodata_version: 1,
  });
  writeFileSync(join(directory, subdir, "repodata.json"), repodata);
  writeFileSync(join(directory, subdir, "repodata.json.zst"), zstdCompressSync(repodata));
}

const channelAddress = (directory: string) => pathToFileURL(directory).href.replace(/\/$/, "");

/** The records of a channel that is or will be there. */
export function channelRecords(
  directory: string,
  fixtures: readonly FixturePackage[],
): RepodataRecord[] {
  return fixtures.map((one) => withLocation(channelAddress(directory), makePackage(one)));
}

/** Writes a whole channel, `linux-64` and `noarch`, with archives and repodata. */
export function writeChannel(
  directory: string,
  fixtures: readonly FixturePackage[],
): FixtureChannel {
  const packages = fixtures.map(makePackage);
  for (const subdir of new Set(["linux-64", "noarch", ...packages.map((p) => p.record.subdir)])) {
    writeSubdir(directory, subdir, packages);
  }
  for (const made of packages) {
    writeFileSync(join(directory, made.record.subdir, made.fileName), made.bytes);
  }
  const url = channelAddress(directory);
  const records = packages.map((made) => withLocation(url, made));
  const record = (name: string) => {
    const found = records.find((one) => one.name === name);
    if (found === undefined) throw new Error(`the channel has no ${name}`);
    return found;
  };
  return { url, records, record };
}

function writeMember(directory: string, member: TarMember): void {
  const path = join(directory, member.path);
  mkdirSync(member.type === "5" ? path : dirname(path), { recursive: true });
  if (member.type === "2") symlinkSync(member.linkname ?? "", path);
  else if (member.type !== "5") {
    writeFileSync(path, member.content ?? "", { mode: member.mode ?? 0o644 });
  }
}

function memberJson<T>(made: MadePackage, path: string): T | undefined {
  const member = made.members.find((one) => one.path === path);
  return member === undefined ? undefined : (JSON.parse(String(member.content)) as T);
}

/** A package as it stands in the cache, without an archive having been read. */
export function writeUnpacked(cacheDir: string, fixture: FixturePackage): PackageArchive {
  const made = makePackage(fixture);
  const { name, version, build } = made.record;
  const directory = join(cacheDir, `${name}-${version}-${build}`);
  const record = withLocation("https://channel.example/conda", made);
  for (const member of made.members) writeMember(directory, member);
  writeFileSync(join(directory, "info/repodata_record.json"), JSON.stringify(record, null, 2));
  const link = memberJson<LinkJson>(made, "info/link.json");
  return {
    record,
    directory,
    tarball: join(cacheDir, made.fileName),
    paths: memberJson<PathsJson>(made, "info/paths.json") ?? { paths_version: 1, paths: [] },
    ...(link === undefined ? {} : { link }),
  };
}
