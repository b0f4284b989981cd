import type { PathsEntry } from "../types.ts";
import { damaged, unsafe } from "./fault.ts";
import { memberPath } from "./member-path.ts";
import { pathsFromOldLists } from "./old-lists.ts";

export type MemberKind = "file" | "directory" | "link";

export interface FileDigest {
  /** In hexadecimal. */
  readonly sha256: string;
  readonly size: number;
}

/** What came out of an archive, as far as its lists of files ask for it. */
export interface ListSource {
  text(path: string): string | undefined;
  isLink(path: string): boolean;
}

/** What a package says of its files, unchecked; nothing where it has no list of them. */
export function listedPaths({ text, isLink }: ListSource): readonly unknown[] | undefined {
  const pathsJson = text("info/paths.json");
  if (pathsJson !== undefined) return parsed(pathsJson);
  const files = text("info/files");
  if (files === undefined) return undefined;
  const more = { hasPrefix: text("info/has_prefix") ?? "", noLink: text("info/no_link") ?? "" };
  return pathsFromOldLists({ files, ...more, isLink }).paths;
}

function parsed(pathsJson: string): readonly unknown[] {
  let list: unknown;
  try {
    list = (JSON.parse(pathsJson) as { readonly paths?: unknown } | null)?.paths;
  } catch {
    throw damaged("its info/paths.json is no JSON");
  }
  if (!Array.isArray(list)) throw damaged("its info/paths.json has no list of paths");
  return list;
}

const KINDS: Readonly<Record<string, MemberKind>> = {
  hardlink: "file",
  softlink: "link",
  directory: "directory",
};

/**
 * Throws unless what a package lists came out of its archive as it says. What it does not list is never linked, as
 * with conda, and so is left alone. Pure.
 */
export function checkContents(
  entries: readonly unknown[],
  made: ReadonlyMap<string, MemberKind>,
  digests: ReadonlyMap<string, FileDigest>,
): void {
  const listed = new Set<string>();
  for (const entry of entries as readonly (Partial<PathsEntry> | null)[]) {
    const path = listedPath(entry?._path, made);
    if (listed.has(path)) throw unsafe(`${path} is listed twice in its info/`);
    listed.add(path);
    checkEntry(path, entry ?? {}, made.get(path), digests.get(path));
  }
}

function listedPath(path: unknown, made: ReadonlyMap<string, MemberKind>): string {
  if (typeof path === "string" && path !== "" && made.has(path)) return path;
  const checked = typeof path === "string" ? memberPath(path) : "";
  if (checked === "") throw unsafe("an entry of info/paths.json has no path");
  return checked;
}

function checkEntry(
  path: string,
  entry: Partial<PathsEntry>,
  found: MemberKind | undefined,
  digest: FileDigest | undefined,
): void {
  checkPlaceholder(path, entry);
  const kind = KINDS[entry.path_type ?? ""];
  if (kind === undefined) throw unsafe(`${path} is listed as what there is not in a package`);
  if (found === undefined) throw damaged(`${path} is listed in its info/, and missing`);
  if (found !== kind) throw damaged(`${path} is a ${found}, and listed as a ${kind}`);
  if (kind === "file" && isOther(entry, digest)) {
    throw damaged(`${path} is not the file that info/paths.json describes`);
  }
}

/** An empty one would be found everywhere. */
function checkPlaceholder(path: string, { prefix_placeholder: placeholder }: Partial<PathsEntry>) {
  if (placeholder === undefined || placeholder === null) return;
  if (typeof placeholder !== "string" || placeholder === "") {
    throw unsafe(`the placeholder for the prefix in ${path} is empty`);
  }
}

function isOther(
  { sha256, size_in_bytes: size }: Partial<PathsEntry>,
  found: FileDigest | undefined,
): boolean {
  return (
    (typeof sha256 === "string" && sha256.toLowerCase() !== found?.sha256) ||
    (typeof size === "number" && size !== found?.size)
  );
}
