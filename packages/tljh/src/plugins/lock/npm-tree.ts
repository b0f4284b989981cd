import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readTextOrNull } from "../../system/files.ts";
import type { NpmTree } from "./format.ts";
import { publicSpec } from "./public-spec.ts";

type Json = Record<string, unknown>;

const lockFile = (folder: string) => join(folder, "package-lock.json");

/** What npm's lock says of a folder, fit to be shared; null where npm has installed nothing. */
export async function readNpmTree(folder: string): Promise<NpmTree | null> {
  const text = await readTextOrNull(lockFile(folder));
  if (text === null) return null;
  const { packages = {} } = JSON.parse(text) as { packages?: Record<string, Json> };
  const shared = Object.entries(packages).map(([place, one]) => [place, publicly(one)]);
  return { lockfileVersion: 3, packages: Object.fromEntries(shared) };
}

function publicly(value: Json): Json {
  return JSON.parse(JSON.stringify(value), (_, inner: unknown) =>
    typeof inner === "string" ? publicSpec(inner) : inner,
  );
}

export function npmEntry(
  tree: NpmTree | null,
  name: string,
): { readonly version?: string; readonly integrity?: string; readonly resolved?: string } {
  const { version, integrity, resolved } = tree?.packages[`node_modules/${name}`] ?? {};
  return {
    ...text("version", version),
    ...text("integrity", integrity),
    ...text("resolved", resolved),
  };
}

function text<Name extends string>(name: Name, value: unknown): { [Key in Name]?: string } {
  return (typeof value === "string" ? { [name]: value } : {}) as { [Key in Name]?: string };
}

/**
 * Has npm install exactly the packages of a tree: its lock beside a `package.json` that asks for
 * `names`, and for what it asked for before and the tree knows nothing of.
 */
export async function writeNpmTree(
  folder: string,
  tree: NpmTree,
  names: readonly string[],
): Promise<void> {
  const path = join(folder, "package.json");
  const json = JSON.parse((await readTextOrNull(path)) ?? '{"private":true}') as Json;
  const asked = (tree.packages[""]?.dependencies ?? {}) as Readonly<Record<string, string>>;
  const ranges = names.map((name) => [name, asked[name] ?? npmEntry(tree, name).version ?? "*"]);
  const dependencies = { ...(json.dependencies as object), ...Object.fromEntries(ranges) };
  await writeFile(path, `${JSON.stringify({ ...json, dependencies }, null, 2)}\n`);
  await writeFile(lockFile(folder), `${JSON.stringify({ ...tree, requires: true }, null, 2)}\n`);
}

/**
 * Takes out of a folder the packages that a tree has as other archives of the same version: npm goes by the version
 * alone, and would leave them there as what they are not.
 */
export async function removeOthers(folder: string, tree: NpmTree): Promise<void> {
  const there = (await readNpmTree(folder))?.packages ?? {};
  const others = Object.keys(there).filter(
    (place) => isPlace(place) && there[place]?.integrity !== tree.packages[place]?.integrity,
  );
  // npm's own note of what is there, which it would believe.
  const note = join(folder, "node_modules", ".package-lock.json");
  for (const path of [note, ...others.map((place) => join(folder, place))])
    await rm(path, { recursive: true, force: true });
}

const isPlace = (place: string) =>
  place.startsWith("node_modules/") && !place.split("/").includes("..");

/** The package whose integrity npm found to be another, by npm's error. */
export function packageWithIntegrity(tree: NpmTree, integrity: string): string | undefined {
  const found = Object.entries(tree.packages).find(([, one]) => one.integrity === integrity);
  return found?.[0].replace(/^.*node_modules\//, "");
}
