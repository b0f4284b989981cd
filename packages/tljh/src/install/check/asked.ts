import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type PrefixRecord,
  pipDistributions,
  readPrefixRecords,
  recordedFiles,
  sitePackages,
} from "@tljh/conda";
import { moduleOf, type PackageFiles } from "./modules.ts";

/**
 * The modules of all packages of an environment that somebody asked for: of conda's by their records, of
 * pip's by the file that it leaves beside them (`REQUESTED`, PEP 376).
 */
export function askedModules(directory: string): readonly string[] {
  const records = readPrefixRecords(directory);
  const python = records.find(({ name }) => name === "python");
  if (python === undefined) return [];
  const place = { directory, start: `${sitePackages(python)}/` };
  const packages = [...ofConda(place, records), ...ofPip(place, records)];
  return [...new Set(packages.flatMap((one) => moduleOf(one) ?? []))];
}

interface SitePackages {
  readonly directory: string;
  /** Below the environment, with a slash at the end. */
  readonly start: string;
}

const below = ({ start }: SitePackages, paths: readonly string[]) =>
  paths.flatMap((path) => (path.startsWith(start) ? [path.slice(start.length)] : []));

function ofConda(place: SitePackages, records: readonly PrefixRecord[]): PackageFiles[] {
  return records
    .filter(({ requested_spec: spec = "None" }) => spec !== "None")
    .map(({ name, files }) => ({ name, files: below(place, files) }));
}

function ofPip(place: SitePackages, records: readonly PrefixRecord[]): PackageFiles[] {
  const { directory } = place;
  return pipDistributions(directory, records)
    .filter(({ path }) => existsSync(join(directory, path, "REQUESTED")))
    .map(({ name, path }) => {
      const files = recordedFiles(directory, path).map((file) => file.path);
      return { name, files: below(place, files), topLevel: lines(join(directory, path)) };
    });
}

function lines(distribution: string): string[] {
  const file = join(distribution, "top_level.txt");
  return existsSync(file) ? readFileSync(file, "utf8").split(/\s*\n\s*/) : [];
}
