import { createHash } from "node:crypto";
import { posix } from "node:path";
import { bzip2, zstd } from "../archive/compress.ts";
import { type TarEntry, writeTar } from "../archive/tar.ts";
import { writeZip } from "../archive/zip.ts";
import { SITE_PACKAGES } from "../convert/layout.ts";
import { MTIME, type PackageFile, PLACEHOLDER, type Recipe } from "./model.ts";

export interface BuiltPackage {
  readonly fileName: string;
  readonly subdir: "linux-64" | "noarch";
  readonly archive: Buffer;
  /** The package's entry in repodata. */
  readonly record: Readonly<Record<string, unknown>>;
  /** Bytes and count of the files it installs. */
  readonly unpacked: number;
  readonly files: number;
}

const sha256 = (data: Buffer) => createHash("sha256").update(data).digest("hex");

/** Where a file lies inside the archive: noarch Python packages leave the Python version open. */
export function archivePath(kind: Recipe["kind"], path: string): string {
  if (kind !== "noarch-python") return path;
  if (path.startsWith(`${SITE_PACKAGES}/`))
    return `site-packages/${path.slice(SITE_PACKAGES.length + 1)}`;
  return path.replace(/^bin\//, "python-scripts/");
}

/** conda hashes what a link leads to; a link to nothing, or to a folder, counts as empty. */
function linkedData(file: PackageFile, all: ReadonlyMap<string, PackageFile>): Buffer {
  let current: PackageFile | undefined = file;
  for (let hops = 0; current?.target !== undefined && hops < 8; hops++)
    current = all.get(posix.join(posix.dirname(current.path), current.target));
  return current?.target === undefined && current ? current.data : Buffer.alloc(0);
}

function pathsEntry(recipe: Recipe, file: PackageFile, all: ReadonlyMap<string, PackageFile>) {
  const data = linkedData(file, all);
  return {
    _path: archivePath(recipe.kind, file.path),
    path_type: file.target === undefined ? "hardlink" : "softlink",
    sha256: sha256(data),
    size_in_bytes: data.length,
    ...(file.placeholder
      ? { file_mode: file.placeholder, prefix_placeholder: PLACEHOLDER }
      : undefined),
  };
}

function indexJson(recipe: Recipe) {
  const linux = recipe.kind === "linux-64";
  return {
    arch: linux ? "x86_64" : null,
    build: recipe.build,
    build_number: recipe.buildNumber,
    ...(recipe.constrains ? { constrains: recipe.constrains } : undefined),
    depends: recipe.depends,
    license: "LicenseRef-Debian",
    name: recipe.name,
    ...(linux ? undefined : { noarch: recipe.kind.slice("noarch-".length) }),
    platform: linux ? "linux" : null,
    ...recipe.extra,
    subdir: linux ? "linux-64" : "noarch",
    timestamp: MTIME * 1000,
    version: recipe.version,
  };
}

const json = (value: unknown) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

function infoFiles(recipe: Recipe, files: readonly PackageFile[]): Map<string, Buffer> {
  const all = new Map(files.map((file) => [file.path, file]));
  const paths = files.map((file) => pathsEntry(recipe, file, all));
  const info = new Map<string, Buffer>();
  info.set("about.json", json({ home: recipe.home, summary: recipe.summary }));
  info.set("files", Buffer.from(paths.map((one) => `${one._path}\n`).join("")));
  const prefixed = paths.filter((one) => one.file_mode);
  if (prefixed.length > 0) {
    const lines = prefixed.map((one) => `${PLACEHOLDER} ${one.file_mode} "${one._path}"\n`);
    info.set("has_prefix", Buffer.from(lines.join("")));
  }
  info.set("index.json", json(indexJson(recipe)));
  if (recipe.licenseText) info.set("licenses/copyright", recipe.licenseText);
  if (recipe.kind === "noarch-python") {
    const noarch = { entry_points: recipe.entryPoints, type: "python" };
    info.set("link.json", json({ noarch, package_metadata_version: 1 }));
  } else if (recipe.kind === "noarch-generic") {
    info.set("link.json", json({ noarch: { type: "generic" }, package_metadata_version: 1 }));
  }
  info.set("paths.json", json({ paths, paths_version: 1 }));
  return info;
}

const byPath = (a: { path: string }, b: { path: string }) =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : 0;

function tarEntries(recipe: Recipe, files: readonly PackageFile[]): TarEntry[] {
  return files.map((file) => ({
    path: archivePath(recipe.kind, file.path),
    kind: file.target === undefined ? "file" : "link",
    mode: file.mode,
    data: file.target === undefined ? file.data : Buffer.alloc(0),
    ...(file.target === undefined ? undefined : { target: file.target }),
  }));
}

/** Packs a recipe as `.conda` (CEP 35) or `.tar.bz2`. */
export async function buildPackage(recipe: Recipe): Promise<BuiltPackage> {
  const files = [...recipe.files].sort(byPath);
  const info = [...infoFiles(recipe, files)].map(
    ([name, data]): TarEntry => ({ path: `info/${name}`, kind: "file", mode: 0o644, data }),
  );
  const payload = tarEntries(recipe, files);
  const stem = `${recipe.name}-${recipe.version}-${recipe.build}`;
  let archive: Buffer;
  if (recipe.format === "tar.bz2") {
    archive = await bzip2(writeTar([...info, ...payload], MTIME));
  } else {
    archive = writeZip([
      { name: "metadata.json", data: Buffer.from('{"conda_pkg_format_version": 2}') },
      { name: `pkg-${stem}.tar.zst`, data: await zstd(writeTar(payload, MTIME)) },
      { name: `info-${stem}.tar.zst`, data: await zstd(writeTar(info, MTIME)) },
    ]);
  }
  const { arch: _arch, platform: _platform, ...index } = indexJson(recipe);
  return {
    fileName: `${stem}.${recipe.format}`,
    subdir: recipe.kind === "linux-64" ? "linux-64" : "noarch",
    archive,
    record: {
      ...index,
      md5: createHash("md5").update(archive).digest("hex"),
      sha256: sha256(archive),
      size: archive.length,
    },
    unpacked: files.reduce((sum, file) => sum + file.data.length, 0),
    files: files.length,
  };
}
