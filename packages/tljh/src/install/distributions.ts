import type { Dirent } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** A Python distribution that is installed in an environment. */
export interface Distribution {
  /** As it spells itself. */
  readonly name: string;
  readonly version: string;
  /** `pip` or `conda`; null where nothing is said. */
  readonly installer: string | null;
  /** The names, normalised, of all that it may depend on here, extras included. */
  readonly requires: readonly string[];
  /** The names of its entry points in the group `tljh`. */
  readonly plugins: readonly string[];
  /** What its metadata is in. */
  readonly place: string;
}

/** Names that PEP 503 makes one: `Flask_Login` and `flask-login`. */
export function normalName(name: string): string {
  return name.replaceAll(/[-_.]+/g, "-").toLowerCase();
}

/** All distributions of an environment, by their normalised names. Broken ones are left out. */
export async function readDistributions(prefix: string): Promise<Map<string, Distribution>> {
  const found = new Map<string, Distribution>();
  for (const folder of await sitePackages(prefix)) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const distribution = await readDistribution(folder, entry);
      if (distribution !== null) found.set(normalName(distribution.name), distribution);
    }
  }
  return found;
}

async function sitePackages(prefix: string): Promise<string[]> {
  const lib = join(prefix, "lib");
  const entries = await readdir(lib, { withFileTypes: true }).catch(() => []);
  const folders = entries
    // `python3.1` is a link in some environments, and `python3` in others.
    .filter((entry) => entry.isDirectory() && /^python\d+\.\d+$/.test(entry.name))
    .map(({ name }) => join(lib, name, "site-packages"));
  const there = await Promise.all(folders.map((folder) => readdir(folder).catch(() => null)));
  return folders.filter((_, index) => there[index] !== null);
}

async function readDistribution(folder: string, entry: Dirent): Promise<Distribution | null> {
  const place = join(folder, entry.name);
  const read = (...path: string[]) => readFile(join(place, ...path), "utf8").catch(() => "");
  const metadata = await readMetadata(entry, read);
  if (metadata === null) return null;
  return { ...metadata, plugins: entryPoints(await read("entry_points.txt")), place };
}

async function readMetadata(
  entry: Dirent,
  read: (...path: string[]) => Promise<string>,
): Promise<Metadata | null> {
  if (entry.name.endsWith(".dist-info"))
    return parseMetadata(await read("METADATA"), await read("INSTALLER"));
  if (!entry.name.endsWith(".egg-info")) return null;
  if (entry.isFile()) return parseMetadata(await read(), "");
  return parseMetadata(await read("PKG-INFO"), "", requiresText(await read("requires.txt")));
}

type Metadata = Omit<Distribution, "plugins" | "place">;

/** The fields of a METADATA file, whose text follows after an empty line. */
function parseMetadata(
  text: string,
  installer: string,
  more: readonly string[] = [],
): Metadata | null {
  const [head = ""] = text.split(/\r?\n\r?\n/);
  const fields = (name: string) =>
    [...head.matchAll(new RegExp(`^${name}:[ \\t]*(.*)$`, "gim"))].map(([, value = ""]) =>
      value.trim(),
    );
  const [name] = fields("Name");
  if (name === undefined) return null;
  const requires = [...fields("Requires-Dist"), ...more]
    .filter((requirement) => !isForOtherPlatform(requirement))
    .flatMap((requirement) => requirementName(requirement) ?? []);
  return {
    name,
    version: fields("Version")[0] ?? "",
    installer: installer.trim() || null,
    requires: [...new Set(requires)],
  };
}

/** The requirements of an egg's requires.txt, whose sections are `[extra:marker]`. */
function requiresText(text: string): string[] {
  let marker = "";
  return text.split(/\r?\n/).flatMap((line) => {
    const section = /^\[[^:\]]*:?(.*)\]$/.exec(line.trim());
    if (section) marker = section[1] ?? "";
    return section || line.trim() === "" ? [] : `${line}; ${marker}`;
  });
}

/**
 * True for `colorama; sys_platform == "win32"`, which no Linux ever installs. Where a marker has an `or` it
 * is taken to hold.
 */
function isForOtherPlatform(requirement: string): boolean {
  const [, marker = ""] = /;(.*)$/s.exec(requirement) ?? [];
  if (/\bor\b/.test(marker)) return false;
  const platform = /\b(?:sys_platform|platform_system|os_name)\s*==\s*(["'])(.*?)\1/g;
  return [...marker.matchAll(platform)].some(([, , value = ""]) => !LINUX.has(value));
}

const LINUX: ReadonlySet<string> = new Set(["linux", "Linux", "posix"]);

/** The names in the section `[tljh]` of an entry_points.txt. */
function entryPoints(text: string): string[] {
  const [, section = ""] = /^\[tljh\]\s*$([^[]*)/m.exec(text) ?? [];
  return [...section.matchAll(/^\s*([^#;=\s][^=]*?)\s*=/gm)].map(([, name = ""]) => name);
}

/** The normalised name at the beginning of a requirement (PEP 508); undefined for a path, an address, an option. */
export function requirementName(requirement: string): string | undefined {
  const [, name, after = ""] =
    /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(.*)$/.exec(requirement.trim()) ?? [];
  if (name === undefined || !/^$|^[[(<>=!~;@]/.test(after)) return undefined;
  return normalName(name);
}
