import { readFileSync } from "node:fs";
import { join } from "node:path";
import { entryPointScript, parseEntryPoint } from "../link/entry-points.ts";
import { pythonInfo } from "../link/python.ts";
import { pipDistributions, recordedFiles } from "../prefix/pip.ts";
import type { LinkJson, PrefixPathsEntry, PrefixPathType, PrefixRecord } from "../types.ts";

/** What one package says of one path. */
export interface Expected {
  readonly manager: "conda" | "pip";
  readonly package: string;
  readonly kind: PrefixPathType;
  /** Of its content, in hexadecimal; absent where nobody wrote it down. */
  readonly sha256?: string;
  /** Of a script for an entry point, whose hash nobody writes down: what it says. */
  readonly statements?: string;
}

/** By path below the prefix; where several packages hold it, all that they say. */
export type ExpectedFiles = ReadonlyMap<string, readonly Expected[]>;

/** All that conda's records and pip's `RECORD` files say of an environment which is in `directory`. */
export function expectedFiles(
  directory: string,
  prefix: string,
  records: readonly PrefixRecord[],
): ExpectedFiles {
  const files = new Map<string, Expected[]>();
  const add = (path: string, expected: Expected): void => {
    const known = files.get(path);
    if (known === undefined) files.set(path, [expected]);
    else known.push(expected);
  };
  for (const record of records) {
    const scripts = entryPointScripts(record, prefix, records);
    for (const [path, expected] of expectedOfConda(record, scripts)) add(path, expected);
  }
  for (const { name, path: distribution } of pipDistributions(directory, records)) {
    for (const file of recordedFiles(directory, distribution)) {
      // Which byte code pip wrote depends on what ran since.
      if (file.path.endsWith(".pyc")) continue;
      add(file.path, {
        manager: "pip",
        package: name,
        kind: "hardlink",
        ...hexadecimal(file.sha256),
      });
    }
  }
  return files;
}

function hexadecimal(digest: string | undefined): { sha256?: string } {
  return digest === undefined ? {} : { sha256: Buffer.from(digest, "base64url").toString("hex") };
}

function expectedOfConda(
  { name, files, paths_data }: PrefixRecord,
  scripts: ReadonlyMap<string, string>,
): [string, Expected][] {
  const base = { manager: "conda", package: name } as const;
  const described = new Set(paths_data.paths.map(({ _path }) => _path));
  return [
    ...paths_data.paths.map((entry): [string, Expected] => {
      const sha256 = contentHash(entry);
      const statements = scripts.get(entry._path);
      const content = sha256 === undefined ? statements && { statements } : { sha256 };
      return [entry._path, { ...base, kind: entry.path_type, ...content }];
    }),
    // Of these, older tools wrote down no more than that they are there.
    ...files
      .filter((path) => !described.has(path))
      .map((path): [string, Expected] => [path, { ...base, kind: "hardlink" }]),
  ];
}

/** A link's hash is that of what it led to when the package was made. */
function contentHash(entry: PrefixPathsEntry): string | undefined {
  if (entry.path_type === "softlink" || entry.path_type === "directory") return undefined;
  if (entry.sha256_in_prefix !== undefined) return entry.sha256_in_prefix;
  return entry.prefix_placeholder === undefined ? entry.sha256 : undefined;
}

/** The scripts of a package's entry points, by path, as far as the package is still unpacked. */
function entryPointScripts(
  record: PrefixRecord,
  prefix: string,
  records: readonly PrefixRecord[],
): ReadonlyMap<string, string> {
  const isScript = ({ path_type }: PrefixPathsEntry) => path_type === "unix_python_entry_point";
  const python = records.find(({ name }) => name === "python");
  if (python === undefined || !record.paths_data.paths.some(isScript)) return new Map();
  const executable = join(prefix, pythonInfo(python).executable);
  return new Map(
    entryPoints(record.extracted_package_dir ?? record.link?.source ?? "").flatMap((text) => {
      const point = parseEntryPoint(text);
      if (point === undefined) return [];
      return [[`bin/${point.command}`, statementsOf(entryPointScript(point, executable))]];
    }),
  );
}

/** Conda and mamba lay these scripts out differently; they do the same. */
export function statementsOf(script: string): string {
  const [shebang, ...lines] = script.split("\n").map((line) => line.trim());
  return [shebang, ...lines.filter((line) => line !== "" && !line.startsWith("#"))].join("\n");
}

function entryPoints(packageDirectory: string): readonly string[] {
  try {
    const text = readFileSync(join(packageDirectory, "info/link.json"), "utf8");
    return (JSON.parse(text) as LinkJson).noarch?.entry_points ?? [];
  } catch {
    return [];
  }
}
