import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LinkJson, PackageArchive, PathsJson, RepodataRecord } from "../types.ts";
import { ArchiveFault, unsafe } from "../unpack/fault.ts";
import { memberPath } from "../unpack/member-path.ts";
import { archiveUnsafe } from "../unpack/messages.ts";
import { pathsFromOldLists } from "../unpack/old-lists.ts";
import { infoUnreadable } from "./messages.ts";
import { distName } from "./names.ts";

const RECORD = "info/repodata_record.json";

/** The unpacked package that a record stands for, when it is in the cache, the same, and complete. */
export function findPackage(record: RepodataRecord, cacheDir: string): PackageArchive | undefined {
  const directory = join(cacheDir, distName(record));
  try {
    const cached = readJson<RepodataRecord>(directory, RECORD);
    if (cached === undefined || !isSameArchive(record, cached)) return undefined;
    const archive = readPackage(record, cacheDir);
    return isComplete(archive) ? archive : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads what `info/` says of an unpacked package, in its place or in another: every path in it is
 * below the package. Throws CONDA_PACKAGE_INFO_UNREADABLE or CONDA_ARCHIVE_UNSAFE.
 */
export function readPackage(
  record: RepodataRecord,
  cacheDir: string,
  directory = join(cacheDir, distName(record)),
): PackageArchive {
  const link = readJson<LinkJson>(directory, "info/link.json");
  const paths = readPaths(directory);
  refuseUnsafeInfo(record, paths, link);
  return {
    record,
    directory,
    tarball: join(cacheDir, record.fn),
    paths,
    ...(link === undefined ? {} : { link }),
  };
}

function readPaths(directory: string): PathsJson {
  const paths = readJson<PathsJson>(directory, "info/paths.json");
  if (paths !== undefined) {
    if (Array.isArray(paths.paths)) return paths;
    throw infoUnreadable(directory, "info/paths.json", new Error("it has no list of paths"));
  }
  const text = (name: string) => readText(directory, name) ?? "";
  return pathsFromOldLists({
    files: text("info/files"),
    hasPrefix: text("info/has_prefix"),
    noLink: text("info/no_link"),
    isLink: (path) => lstatSync(join(directory, path)).isSymbolicLink(),
  });
}

function refuseUnsafeInfo(record: RepodataRecord, paths: PathsJson, link?: LinkJson): void {
  try {
    for (const { _path } of paths.paths) {
      if (memberPath(_path) === "") throw unsafe("an entry of info/paths.json has no path");
    }
    for (const point of link?.noarch?.entry_points ?? []) {
      if (!/^\s*[\w][\w.+-]*\s*=/.test(point)) {
        throw unsafe(`the entry point ${JSON.stringify(point)} names no command`);
      }
    }
  } catch (error) {
    throw error instanceof ArchiveFault ? archiveUnsafe(record.fn, error.message) : error;
  }
}

function isSameArchive(wanted: RepodataRecord, cached: RepodataRecord): boolean {
  if (wanted.sha256 !== undefined) return wanted.sha256 === cached.sha256;
  if (wanted.md5 !== undefined) return wanted.md5 === cached.md5;
  return wanted.url === cached.url;
}

/** A power cut can leave files behind that are named, but empty: their sizes tell. */
function isComplete({ directory, paths }: PackageArchive): boolean {
  return paths.paths.every((entry) => {
    const found = lstatSync(`${directory}/${entry._path}`, { throwIfNoEntry: false });
    if (found === undefined) return false;
    const isFile = entry.path_type === "hardlink" && entry.size_in_bytes !== undefined;
    return !isFile || found.isSymbolicLink() || found.size === entry.size_in_bytes;
  });
}

function readJson<T>(directory: string, name: string): T | undefined {
  const text = readText(directory, name);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw infoUnreadable(directory, name, error);
  }
}

function readText(directory: string, name: string): string | undefined {
  try {
    return readFileSync(join(directory, name), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw infoUnreadable(directory, name, error);
  }
}
