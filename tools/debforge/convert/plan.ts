import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { PackageFile, Recipe } from "../channel/model.ts";
import type { DebEntry } from "../debian/deb.ts";
import type { DebianPackage } from "../debian/packages.ts";
import type { Edge, Resolution } from "../debian/resolve.ts";
import { condaConstraint, condaVersion } from "../debian/version.ts";
import { addRecords, type Distribution, distributions, modernise } from "./dist-info.ts";
import { isElf } from "./elf.ts";
import { type Lookup, rewriteHardCoded } from "./hard-coded.ts";
import { PYTHON, prefixPath, SITE_PACKAGES } from "./layout.ts";
import { condaName, groupOf, orderInGroup, plainName } from "./names.ts";
import { adaptPython, entryPointScript } from "./python.ts";

export interface DebContents {
  readonly deb: DebianPackage;
  readonly entries: readonly DebEntry[];
}

/** One conda package to be, with its files where they will lie in the prefix. */
export interface Group {
  readonly name: string;
  readonly debs: readonly DebContents[];
  readonly files: readonly PackageFile[];
  readonly distributions: readonly Distribution[];
}

/** Everything the chosen .debs ship, by absolute path, with its path in the prefix. */
export function makeLookup(contents: readonly DebContents[]): Lookup {
  const paths = new Map<string, string>([["/usr/bin/python", "bin/python"]]);
  const sharers = new Map<string, Set<string>>();
  for (const { deb, entries } of contents) {
    for (const { path } of entries) {
      const found = prefixPath(path);
      if (found === undefined) continue;
      paths.set(path, found);
      for (let at = posix.dirname(path); at.split("/").length > 3; at = posix.dirname(at))
        sharers.set(at, (sharers.get(at) ?? new Set()).add(deb.name));
    }
  }
  for (const [folder, debs] of sharers) {
    // A folder such as `/usr/share/jupyter` is everybody's, and the system's too.
    const inside = prefixPath(`${folder}/x`);
    const own = debs.size === 1 || folder.split("/").length > 4;
    if (inside !== undefined && own && !paths.has(folder)) paths.set(folder, inside.slice(0, -2));
  }
  return (path) => paths.get(path);
}

function placeFile(entry: DebEntry, lookup: Lookup): PackageFile[] {
  const path = prefixPath(entry.path);
  if (path === undefined) return [];
  const { mode, data, target } = entry;
  if (target === undefined) return [{ path, mode, data }];
  const goal = lookup(target);
  if (goal === undefined || goal === path) return [];
  return [{ path, mode, data, target: posix.relative(posix.dirname(path), goal) }];
}

function nameOf(deb: DebianPackage, found: readonly Distribution[]): string {
  const plain = deb.name.replace(/^python3?-/, "");
  const [first] = found;
  const matching = found.find((one) => condaName(one.name) === condaName(plain)) ?? first;
  return matching ? condaName(matching.name) : plainName(deb.name);
}

/** Sorts the .debs into conda packages and lays out their files. */
export function groupDebs(contents: readonly DebContents[], lookup: Lookup): Group[] {
  const placed = contents.map((one) => {
    const files = modernise(one.entries.flatMap((entry) => placeFile(entry, lookup)));
    const name = groupOf(one.deb.name) ?? nameOf(one.deb, distributions(files));
    return { ...one, files, name };
  });
  const groups = [...Map.groupBy(placed, (one) => one.name)].map(([name, members]) => {
    const order = (deb: DebianPackage) => orderInGroup(name, deb.name);
    const debs = members.sort((a, b) => order(a.deb) - order(b.deb));
    const files = [...new Map(debs.flatMap((one) => one.files).map((f) => [f.path, f])).values()];
    return { name, debs, files, distributions: distributions(files) };
  });
  return groups.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What Debian needs and conda-forge does not, and the other way round. */
const NOT_NEEDED: Readonly<Record<string, readonly string[]>> = {
  "jupyterhub-base": ["notebook"],
};
const ALSO_NEEDED: Readonly<Record<string, readonly string[]>> = {
  certifi: ["ca-certificates"],
  pip: ["setuptools"],
  python: [`python_abi ${PYTHON}.* *_cp313`],
};

function glibc(group: Group): string[] {
  const versions = group.debs
    .flatMap(({ deb }) => deb.depends.flat())
    .filter((one) => one.name === "libc6" && one.operator === ">=")
    .map((one) => condaVersion(one.version ?? ""))
    .sort((a, b) => Number(a.split(".")[1]) - Number(b.split(".")[1]));
  const highest = versions.at(-1);
  return highest === undefined ? [] : [`__glibc >=${highest}`];
}

function bounds(edges: readonly Edge[]): string {
  const found = edges.flatMap(({ relation, target }) =>
    relation.name === target.name && relation.operator && relation.version
      ? [condaConstraint(relation.operator, relation.version)]
      : [],
  );
  return [...new Set(found)].sort().join(",");
}

/** `depends` of a group, from what each of its .debs needs. */
function dependsOf(
  group: Group,
  resolution: Resolution,
  owner: ReadonlyMap<string, string>,
): string[] {
  const edges = group.debs.flatMap(({ deb }) => resolution.edges.get(deb.name) ?? []);
  const skipped = new Set([group.name, ...(NOT_NEEDED[group.name] ?? [])]);
  const byName = Map.groupBy(edges, ({ target }) => owner.get(target.name) ?? "");
  const linux = kindOf(group) === "linux-64";
  const needed: string[] = [];
  for (const [name, own] of byName) {
    if (name === "" || skipped.has(name)) continue;
    if (name !== "python") needed.push(`${name} ${bounds(own)}`.trim());
  }
  if (group.name !== "python" && (byName.has("python") || group.distributions.length > 0)) {
    needed.push(linux ? `python >=${PYTHON},<3.14.0a0` : `python >=${PYTHON}`);
    if (linux) needed.push(`python_abi ${PYTHON}.* *_cp313`);
  }
  const also = ALSO_NEEDED[group.name] ?? [];
  return [...needed, ...also, ...(linux ? glibc(group) : [])].sort();
}

function kindOf(group: Group): Recipe["kind"] {
  if (group.files.some((file) => isElf(file.data))) return "linux-64";
  const python = group.files.some((file) => file.path.startsWith(`${SITE_PACKAGES}/`));
  return python ? "noarch-python" : "noarch-generic";
}

function licenseOf(group: Group): { licenseText?: Buffer } {
  for (const { deb, entries } of group.debs) {
    const path = `/usr/share/doc/${deb.name}/copyright`;
    const found = entries.find((entry) => entry.path === path && entry.target === undefined);
    if (found) return { licenseText: found.data };
  }
  return {};
}

/** The scripts that entry points make; Debian's own of the same name give way. */
function withScripts(group: Group, kind: Recipe["kind"], points: readonly string[]): PackageFile[] {
  const names = new Set(points.map((one) => `bin/${one.split(" = ")[0]}`));
  const kept = group.files.filter((file) => !names.has(file.path));
  const files = kind === "linux-64" ? [...kept, ...points.map(entryPointScript)] : kept;
  return group.name === "python" ? adaptPython(files) : files;
}

function buildString(group: Group, kind: Recipe["kind"], salt: string): string {
  const hash = createHash("sha256").update(salt);
  for (const { deb } of group.debs) hash.update(deb.sha256);
  const short = hash.digest("hex").slice(0, 7);
  if (group.name === "python") return `h${short}_0_cp313`;
  if (kind === "noarch-python") return `pyh${short}_0`;
  return kind === "linux-64" && group.distributions.length > 0 ? `py313h${short}_0` : `h${short}_0`;
}

const BZ2_LIMIT = 3_000_000;

/** One package in six of moderate size is written in the older format. */
function formatOf(group: Group): Recipe["format"] {
  const bytes = group.files.reduce((sum, file) => sum + file.data.length, 0);
  const chance = createHash("sha256").update(group.name).digest()[0] ?? 0;
  return bytes < BZ2_LIMIT && chance % 6 === 0 ? "tar.bz2" : "conda";
}

/** Packages that a group's symbolic links lead into. */
function linkedGroups(group: Group, ownerOfFile: ReadonlyMap<string, string>): string[] {
  const found = group.files.flatMap((file) => {
    if (file.target === undefined) return [];
    const goal = posix.join(posix.dirname(file.path), file.target);
    return ownerOfFile.get(goal) ?? [];
  });
  return [...new Set(found)].filter((name) => name !== group.name);
}

export interface Owners {
  /** The package of each .deb. */
  readonly owner: ReadonlyMap<string, string>;
  /** The package of each file and folder; for a shared folder any one of them. */
  readonly ownerOfFile: ReadonlyMap<string, string>;
}

export function ownersOf(groups: readonly Group[]): Owners {
  const owner = new Map<string, string>();
  const ownerOfFile = new Map<string, string>();
  for (const { name, debs, files } of groups) {
    for (const { deb } of debs) owner.set(deb.name, name);
    for (const { path } of files)
      for (let at = path; at !== "." && !ownerOfFile.has(at); at = posix.dirname(at))
        ownerOfFile.set(at, name);
  }
  return { owner, ownerOfFile };
}

export interface RecipeContext extends Owners {
  readonly resolution: Resolution;
  readonly lookup: Lookup;
  readonly salt: string;
  /** The file with its search path for libraries, where it needs one. */
  readonly relocate: (file: PackageFile) => PackageFile;
}

function withLinks(depends: readonly string[], linked: readonly string[]): string[] {
  const named = new Set(depends.map((one) => one.split(" ")[0]));
  return [...depends, ...linked.filter((name) => !named.has(name))].sort();
}

export function toRecipe(group: Group, context: RecipeContext): Recipe {
  const kind = kindOf(group);
  const points = group.distributions.flatMap((one) => one.entryPoints);
  const moved = { ...group, files: group.files.map(context.relocate) };
  const files = withScripts(moved, kind, points).map((f) => rewriteHardCoded(f, context.lookup));
  const [main] = group.debs;
  const names = points.map((one) => one.split(" = ")[0] ?? "");
  const noarchPython = kind === "noarch-python";
  return {
    name: group.name,
    version: condaVersion(main?.deb.version ?? "0"),
    build: buildString(group, kind, context.salt),
    buildNumber: 0,
    kind,
    depends: withLinks(
      dependsOf(group, context.resolution, context.owner),
      linkedGroups(group, context.ownerOfFile),
    ),
    files: group.distributions.length > 0 ? addRecords(files, noarchPython ? names : []) : files,
    entryPoints: noarchPython ? points : [],
    summary: main?.deb.description ?? "",
    home: main?.deb.homepage ?? "",
    ...licenseOf(group),
    format: formatOf(group),
    ...(group.name === "python"
      ? { extra: { python_site_packages_path: SITE_PACKAGES } }
      : undefined),
  };
}
