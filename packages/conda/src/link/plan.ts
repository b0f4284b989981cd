import { linkFailed, pathEscapes, pythonMissing } from "../prefix/errors.ts";
import type { FileMode, PackageArchive, PathsEntry } from "../types.ts";
import { type EntryPoint, parseEntryPoint } from "./entry-points.ts";
import { compiledPath, noarchTarget, type PythonInfo } from "./python.ts";

/** One file of a package on its way into a prefix. Paths are relative: to package and to prefix. */
export interface FileLink {
  readonly entry: PathsEntry;
  readonly source: string;
  readonly target: string;
  readonly replace?: { readonly placeholder: string; readonly mode: FileMode };
}

export interface CompiledLink {
  /** The Python file, below the package and below the prefix. */
  readonly source: string;
  readonly module: string;
  /** The byte code, below the prefix. */
  readonly target: string;
  /** The Python file is rewritten for this prefix, so that its byte code fits no other. */
  readonly ownCopy: boolean;
}

export interface ScriptLink {
  readonly entryPoint: EntryPoint;
  readonly target: string;
}

/** Everything one package puts into a prefix, as data. */
export interface LinkPlan {
  readonly archive: PackageArchive;
  readonly files: readonly FileLink[];
  readonly directories: readonly string[];
  readonly scripts: readonly ScriptLink[];
  readonly compiled: readonly CompiledLink[];
}

/** Pure. Refuses a package whose paths lead out of the prefix. */
export function planLink(archive: PackageArchive, python: PythonInfo | undefined): LinkPlan {
  const isPython = archive.record.noarch === "python" || archive.link?.noarch?.type === "python";
  if (isPython && python === undefined) throw pythonMissing(archive.record.name);
  const target = (path: string): string => (isPython && python ? noarchTarget(path, python) : path);
  const files: FileLink[] = [];
  const directories: string[] = [];
  for (const entry of archive.paths.paths) {
    const path = target(entry._path);
    checkPath(archive, entry._path);
    checkPath(archive, path);
    if (entry.path_type === "directory") directories.push(path);
    else files.push(fileLink(entry, path));
  }
  return {
    archive,
    files,
    directories,
    scripts: isPython ? scripts(archive) : [],
    compiled: isPython && python ? compiled(files, python) : [],
  };
}

function checkPath(archive: PackageArchive, path: string): void {
  const parts = path.split("/");
  const bad = (part: string): boolean => part === "" || part === "." || part === "..";
  // What says which packages are installed is the engine's alone.
  const isRecord = /^conda-meta\/(history|[^/]+\.json)$/.test(path);
  if (path.includes("\0") || parts.some(bad) || isRecord) {
    throw pathEscapes(archive.record.name, path);
  }
}

function fileLink(entry: PathsEntry, target: string): FileLink {
  const link = { entry, source: entry._path, target };
  if (entry.prefix_placeholder === undefined || entry.path_type === "softlink") return link;
  const mode = entry.file_mode ?? "text";
  return { ...link, replace: { placeholder: entry.prefix_placeholder, mode } };
}

function scripts(archive: PackageArchive): ScriptLink[] {
  return (archive.link?.noarch?.entry_points ?? []).map((text) => {
    const entryPoint = parseEntryPoint(text);
    if (entryPoint === undefined) {
      throw linkFailed(archive.record.name, `the entry point "${text}"`, "it cannot be read");
    }
    return { entryPoint, target: `bin/${entryPoint.command}` };
  });
}

function compiled(files: readonly FileLink[], python: PythonInfo): CompiledLink[] {
  return files
    .filter(({ source }) => /^site-packages\/.+\.py$/.test(source))
    .map(({ source, target, replace }) => ({
      source,
      module: target,
      target: compiledPath(target, python),
      ownCopy: replace !== undefined,
    }));
}
