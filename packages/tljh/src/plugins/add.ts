import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pluginLockFolderMissing, pluginLockMismatch } from "../errors/plugin-lock.ts";
import { pluginInstallFailed, pluginWithoutManifest } from "../errors/plugins.ts";
import type { ServerPaths } from "../system/paths.ts";
import type { PluginRequest } from "./classify.ts";
import { copyFolder, folderContent } from "./copy-folder.ts";
import type { Locked, NpmTree } from "./lock/format.ts";
import {
  npmEntry,
  packageWithIntegrity,
  readNpmTree,
  removeOthers,
  writeNpmTree,
} from "./lock/npm-tree.ts";
import { type PluginPins, pinOf } from "./lock/pins.ts";
import { hasPluginManifest, readManifest } from "./manifest.ts";
import { type NpmOptions, npmInstall } from "./npm.ts";
import { type PluginSource, packageFolder } from "./sources.ts";

/** The installation under way: a staged copy of `<prefix>/plugins`. */
export interface Staging {
  readonly folder: string;
  readonly npm: NpmOptions;
  readonly onLine: (line: string) => void;
  readonly paths: ServerPaths;
  readonly pins: PluginPins;
}

/** Installs at once those requests whose pins npm's locked tree has, with exactly its dependencies. */
export async function restoreFromNpm(
  wanted: readonly PluginRequest[],
  staging: Staging,
): Promise<PluginSource[]> {
  const { npm: tree } = staging.pins;
  if (tree === null) return [];
  const locked = wanted.flatMap(({ spec, kind }) => {
    const pin = kind === "npm" ? pinOf(staging.pins, { spec, kind }) : undefined;
    return pin && isInTree(tree, pin) ? [{ spec, pin }] : [];
  });
  if (locked.length === 0) return [];
  for (const { pin } of locked) staging.onLine(`Installing ${pin.package} ${pin.version} from npm`);
  await removeOthers(staging.folder, tree);
  await writeNpmTree(
    staging.folder,
    tree,
    locked.map(({ pin }) => pin.package),
  );
  const specs = locked.map(({ spec }) => spec).join(", ");
  await asInstallation(specs, () => npmInstall(staging.folder, {}, staging.npm), tree);
  return Promise.all(locked.map(({ spec, pin }) => finishFromNpm(spec, pin.package, staging)));
}

/** A tree that npm wrote before the plugin was moved to another version does not have it. */
function isInTree(tree: NpmTree, pin: Locked<"npm">): boolean {
  const { version, integrity, resolved } = npmEntry(tree, pin.package);
  return (
    version === pin.version &&
    integrity === pin.integrity &&
    (resolved ?? "") === (pin.resolved ?? "")
  );
}

export async function addFromNpm({ spec }: PluginRequest, staging: Staging): Promise<PluginSource> {
  const { folder, npm, onLine, pins } = staging;
  const pin = pinOf(pins, { spec, kind: "npm" });
  const asked = spec.slice("npm:".length);
  const wanted = pin && pin.resolved === undefined ? `${pin.package}@${pin.version}` : asked;
  onLine(`Installing ${wanted} from npm`);
  const [name] = await asInstallation(spec, () => npmInstall(folder, { add: [wanted] }, npm));
  const source = await finishFromNpm(spec, name ?? wanted, staging);
  if (pin) await checkIntegrity(pin, folder);
  return source;
}

async function finishFromNpm(
  spec: string,
  name: string,
  { folder, onLine }: Staging,
): Promise<PluginSource> {
  const source: PluginSource = { package: name, spec, kind: "npm" };
  const installed = packageFolder(folder, source);
  if (!(await hasPluginManifest(installed))) throw pluginWithoutManifest({ spec });
  const { version } = await readManifest(installed);
  await remove(packageFolder(folder, { ...source, kind: "folder-npm" }));
  onLine(`Installed ${name} ${version}`);
  return source;
}

async function checkIntegrity(pin: Locked<"npm">, folder: string): Promise<void> {
  const found = npmEntry(await readNpmTree(folder), pin.package);
  for (const fact of ["integrity", "resolved"] as const) {
    const expected = pin[fact];
    if (expected !== undefined && found[fact] !== expected)
      throw pluginLockMismatch(`${pin.package} ${pin.version}`, expected, found[fact] ?? "nothing");
  }
}

export async function addFromFolder(
  { spec }: PluginRequest,
  { folder, npm, onLine, pins }: Staging,
): Promise<PluginSource> {
  const pin = pinOf(pins, { spec, kind: "folder-npm" });
  const content = await folderContent(spec);
  checkContent(spec, content, pin);
  const manifest = await readManifest(spec);
  const source: PluginSource = {
    package: manifest.name,
    spec,
    kind: "folder-npm",
    ...(content === null ? {} : { content }),
  };
  onLine(`Copying ${spec}`);
  const copy = packageFolder(folder, source);
  await remove(copy);
  await copyFolder(spec, copy);
  if (manifest.hasDependencies) await addDependencies(spec, copy, npm, pin?.npm ?? null);
  await asInstallation(spec, async () => {
    const npmCopy = packageFolder(folder, { ...source, kind: "npm" });
    if (await stat(npmCopy).catch(() => null))
      await npmInstall(folder, { rm: [manifest.name] }, npm);
  });
  onLine(`Installed ${manifest.name} ${manifest.version}`);
  return source;
}

/** A pinned folder is installed as it was, or not at all. */
export function checkContent(
  folder: string,
  content: string | null,
  pin: { readonly content: string } | undefined,
): void {
  if (pin === undefined || content === pin.content) return;
  if (content === null) throw pluginLockFolderMissing(folder);
  throw pluginLockMismatch(`The folder ${folder}`, pin.content, content);
}

async function addDependencies(
  spec: string,
  copy: string,
  npm: NpmOptions,
  tree: NpmTree | null,
): Promise<void> {
  await keepOnlyDependencies(copy);
  if (tree !== null) await writeNpmTree(copy, tree, []);
  await asInstallation(spec, () => npmInstall(copy, {}, npm), tree);
}

/** npm looks up even those dependencies of a folder that it is told to leave out. */
async function keepOnlyDependencies(folder: string): Promise<void> {
  const path = join(folder, "package.json");
  const { devDependencies, workspaces, ...kept } = JSON.parse(await readFile(path, "utf8"));
  if (devDependencies ?? workspaces) await writeFile(path, `${JSON.stringify(kept, null, 2)}\n`);
}

/** `tree` is what npm was told to install exactly. */
async function asInstallation<Result>(
  spec: string,
  run: () => Promise<Result>,
  tree: NpmTree | null = null,
): Promise<Result> {
  try {
    return await run();
  } catch (cause) {
    const mismatch = tree && integrityMismatch(cause);
    if (!mismatch) throw pluginInstallFailed(spec, cause);
    const { expected, found } = mismatch;
    throw pluginLockMismatch(packageWithIntegrity(tree, expected) ?? spec, expected, found);
  }
}

/** npm says which integrity was wanted first, and which was found last. */
function integrityMismatch(cause: unknown): { expected: string; found: string } | undefined {
  if (!(cause instanceof Error && "code" in cause && cause.code === "EINTEGRITY")) return undefined;
  const named = cause.message.match(/sha\d{3}-[A-Za-z0-9+/]+=*/g) ?? [];
  return { expected: named[0] ?? cause.message, found: named.at(-1) ?? "another" };
}

async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}
