import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sitePackages } from "../transaction/transaction.ts";
import type { PrefixRecord } from "../types.ts";

export interface PipDistribution {
  readonly name: string;
  readonly version: string;
  /** Its `.dist-info` or `.egg-info`, below the prefix. */
  readonly path: string;
}

/** What is in site-packages and in no record of conda's. (`~` begins what pip is removing.) */
export function pipDistributions(
  directory: string,
  records: readonly PrefixRecord[],
): PipDistribution[] {
  const python = records.find((record) => record.name === "python");
  if (python === undefined) return [];
  const packages = sitePackages(python);
  const condas = condaDistributions(records, `${packages}/`);
  return names(join(directory, packages)).flatMap((entry) => {
    const [, name, version] =
      /^([^~].*?)-([^-]+?)(?:-py[\d.]+)?\.(?:dist|egg)-info$/.exec(entry) ?? [];
    if (name === undefined || version === undefined || condas.has(entry)) return [];
    return [{ name: normalName(name), version, path: `${packages}/${entry}` }];
  });
}

/** Names directly below site-packages that packages of conda hold something of. */
function condaDistributions(records: readonly PrefixRecord[], start: string): Set<string> {
  const held = new Set<string>();
  for (const { files } of records) {
    for (const path of files) {
      if (!path.includes("-info", start.length) || !path.startsWith(start)) continue;
      const slash = path.indexOf("/", start.length);
      held.add(path.slice(start.length, slash === -1 ? undefined : slash));
    }
  }
  return held;
}

/** As pip compares names (PEP 503). */
export function normalName(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase();
}

function names(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

export interface RecordedFile {
  /** Below the prefix. */
  readonly path: string;
  /** As pip writes it: base64 of the URL's alphabet, without padding. */
  readonly sha256?: string;
}

/** The files that a distribution's `RECORD` lists; none where it has no such file. */
export function recordedFiles(prefix: string, distribution: string): RecordedFile[] {
  const base = distribution.slice(0, distribution.lastIndexOf("/"));
  return recordLines(join(prefix, distribution, "RECORD")).flatMap((line) => {
    const [, quoted, plain, digest] =
      /^(?:"((?:[^"]|"")*)"|([^",]*)),([^,]*),\d*$/.exec(line) ?? [];
    const name = quoted?.replaceAll('""', '"') ?? plain ?? "";
    const path = name.startsWith("/") ? undefined : belowPrefix(`${base}/${name}`);
    if (path === undefined) return [];
    const sha256 = /^sha256=(.+)$/.exec(digest ?? "")?.[1];
    return [{ path, ...(sha256 !== undefined && { sha256 }) }];
  });
}

function recordLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8")
      .split(/\r?\n/)
      .filter((line) => line !== "");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return [];
    throw error;
  }
}

/** `lib/python3.13/site-packages/../../../bin/x` → `bin/x`; nothing where it leads out. */
function belowPrefix(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.length === 0 ? undefined : parts.join("/");
}
