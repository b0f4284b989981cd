import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import type { LinkJson, PackageRecord, PathsEntry, PathsJson } from "../../src/types.ts";
import { type TarMember, writeTar } from "./tar.ts";
import { writeZip } from "./zip.ts";

/** A text is a file's content; the others say more. */
export type FixtureFile =
  | string
  | Uint8Array
  | {
      readonly content: string | Uint8Array;
      readonly mode?: number;
      /** The prefix that stands in the content and is replaced on linking. */
      readonly placeholder?: string;
      readonly fileMode?: "text" | "binary";
      readonly noLink?: boolean;
    }
  | { readonly link: string }
  /** A second name of the file that has this one. */
  | { readonly twin: string }
  | { readonly directory: true };

export type FixtureTree = Readonly<Record<string, FixtureFile>>;

/** A package as a test writes it down: `{ name: "numpy", files: { "lib/x.py": "…" } }`. */
export interface FixturePackage extends Partial<PackageRecord> {
  readonly name: string;
  readonly files?: FixtureTree;
  /** For `noarch: "python"`: `"name = module:function"`. */
  readonly entryPoints?: readonly string[];
  /** `.conda` unless said otherwise. */
  readonly format?: "conda" | "tar.bz2";
}

export interface MadePackage {
  readonly fileName: string;
  readonly bytes: Buffer;
  /** What repodata says of it, with the archive's size and hashes. */
  readonly record: PackageRecord;
  /** All members, `info/` first, in the archive's order. */
  readonly members: readonly TarMember[];
}

const digest = (algorithm: "md5" | "sha256", data: Uint8Array | string) =>
  createHash(algorithm).update(data).digest("hex");

function baseRecord(fixture: FixturePackage): PackageRecord {
  const { files, entryPoints, format, ...given } = fixture;
  const noarch = given.noarch !== undefined;
  return {
    version: "1.0",
    build: "0",
    build_number: 0,
    subdir: noarch ? "noarch" : "linux-64",
    depends: [],
    ...given,
  };
}

function pathsEntry(path: string, file: FixtureFile, all: FixtureTree): PathsEntry {
  if (typeof file === "string" || file instanceof Uint8Array) {
    return pathsEntry(path, { content: file }, all);
  }
  if ("twin" in file) return pathsEntry(path, all[file.twin] ?? "", all);
  if ("directory" in file) return { _path: path, path_type: "directory" };
  const content = "link" in file ? "" : file.content;
  const common = {
    _path: path,
    sha256: digest("sha256", content),
    size_in_bytes: Buffer.byteLength(content),
  };
  if ("link" in file) return { ...common, path_type: "softlink" };
  return {
    ...common,
    path_type: "hardlink",
    ...(file.noLink === undefined ? {} : { no_link: file.noLink }),
    ...(file.placeholder === undefined
      ? {}
      : { prefix_placeholder: file.placeholder, file_mode: file.fileMode ?? "text" }),
  };
}

function tarMember(path: string, file: FixtureFile): TarMember {
  if (typeof file === "string" || file instanceof Uint8Array) return { path, content: file };
  if ("directory" in file) return { path: `${path}/`, type: "5", mode: 0o755 };
  if ("link" in file) return { path, type: "2", linkname: file.link };
  if ("twin" in file) return { path, type: "1", linkname: file.twin };
  return { path, content: file.content, mode: file.mode ?? 0o644 };
}

function linkJson(fixture: FixturePackage): LinkJson | undefined {
  if (fixture.noarch !== "python" && fixture.noarch !== "generic") return undefined;
  const entryPoints =
    fixture.noarch === "python" ? { entry_points: fixture.entryPoints ?? [] } : {};
  return { package_metadata_version: 1, noarch: { type: fixture.noarch, ...entryPoints } };
}

function infoMembers(fixture: FixturePackage, record: PackageRecord): TarMember[] {
  const files = Object.entries(fixture.files ?? {});
  const paths: PathsJson = {
    paths_version: 1,
    paths: files.map(([path, file]) => pathsEntry(path, file, fixture.files ?? {})),
  };
  const link = linkJson(fixture);
  const json: [string, unknown][] = [
    ["info/index.json", record],
    ["info/paths.json", paths],
    ["info/about.json", {}],
    ...(link === undefined ? [] : [["info/link.json", link] as [string, unknown]]),
  ];
  return [
    ...json.map(([path, value]) => ({ path, content: `${JSON.stringify(value, null, 2)}\n` })),
    { path: "info/files", content: files.map(([path]) => `${path}\n`).join("") },
  ];
}

/** A `.conda`: a zip that holds `metadata.json` and one zstd tar each for `info/` and the rest. */
export function packConda(
  stem: string,
  info: readonly TarMember[],
  content: readonly TarMember[],
): Buffer {
  const metadata = JSON.stringify({ conda_pkg_format_version: 2 });
  return writeZip([
    { name: "metadata.json", content: Buffer.from(metadata) },
    { name: `pkg-${stem}.tar.zst`, content: zstdCompressSync(writeTar(content)) },
    { name: `info-${stem}.tar.zst`, content: zstdCompressSync(writeTar(info)) },
  ]);
}

export function packTarBz2(members: readonly TarMember[]): Buffer {
  return packBz2(writeTar(members));
}

/** Of many files at once: a program is started for all of them. */
export function packAllBz2(inputs: readonly Buffer[]): Buffer[] {
  const folder = mkdtempSync(join(tmpdir(), "conda-bz2-"));
  try {
    const files = inputs.map((input, at) => {
      writeFileSync(join(folder, `${at}`), input);
      return join(folder, `${at}`);
    });
    const { status, stderr } = spawnSync("bzip2", files, { encoding: "utf8" });
    if (status !== 0) throw new Error(`bzip2: ${stderr}`);
    return files.map((file) => readFileSync(`${file}.bz2`));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function packBz2(input: Buffer): Buffer {
  const result = spawnSync("bzip2", ["-c"], { input, maxBuffer: 1 << 30 });
  if (result.status !== 0) throw new Error(`bzip2: ${result.stderr}`);
  return result.stdout;
}

export function makePackage(fixture: FixturePackage): MadePackage {
  const record = baseRecord(fixture);
  const stem = `${record.name}-${record.version}-${record.build}`;
  const info = infoMembers(fixture, record);
  const content = Object.entries(fixture.files ?? {}).map(([path, file]) => tarMember(path, file));
  const format = fixture.format ?? "conda";
  const bytes =
    format === "conda" ? packConda(stem, info, content) : packTarBz2([...info, ...content]);
  return {
    fileName: `${stem}.${format}`,
    bytes,
    members: [...info, ...content],
    record: {
      ...record,
      size: bytes.length,
      md5: digest("md5", bytes),
      sha256: digest("sha256", bytes),
    },
  };
}
