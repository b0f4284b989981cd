import { stat } from "node:fs/promises";
import { join } from "node:path";
import { TljhError } from "../errors/error.ts";
import type { ServerPaths } from "../system/paths.ts";
import { addFromFolder, addFromNpm, restoreFromNpm, type Staging } from "./add.ts";
import type { PluginRequest } from "./classify.ts";
import { folderContent } from "./copy-folder.ts";
import { changeInCopy } from "./exchange.ts";
import { checkNodePlugins } from "./load.ts";
import { lockedSource, meetsPin } from "./lock/installed.ts";
import { readNpmTree } from "./lock/npm-tree.ts";
import { noPins, type PluginPins, pinOf } from "./lock/pins.ts";
import { type PluginSource, packageFolder, readSources, writeSources } from "./sources.ts";

/**
 * Those of the requests that are not installed as asked: not there, not as pinned, or from a folder
 * that has changed since and is not pinned.
 */
export async function missingNpmPlugins(
  requests: readonly PluginRequest[],
  paths: ServerPaths,
  pins: PluginPins = noPins,
): Promise<PluginRequest[]> {
  const installed = new Map<string, PluginSource>();
  for (const source of await readSources(paths.plugins)) {
    const manifest = join(packageFolder(paths.plugins, source), "package.json");
    if (await exists(manifest)) installed.set(source.spec, source);
  }
  const missing: PluginRequest[] = [];
  for (const request of requests) {
    if (request.kind !== "npm" && request.kind !== "folder-npm") continue;
    const source = installed.get(request.spec);
    if (!source || (await differs(source, paths.plugins, pins))) missing.push(request);
  }
  return missing;
}

async function differs(source: PluginSource, plugins: string, pins: PluginPins): Promise<boolean> {
  const pin = pinOf(pins, source);
  if (pin === undefined) return hasChanged(source);
  return !meetsPin(await lockedSource(plugins, source, await readNpmTree(plugins)), pin);
}

/** A folder that is gone has not changed: its copy serves on. */
async function hasChanged(source: PluginSource): Promise<boolean> {
  if (source.kind !== "folder-npm") return false;
  const content = await folderContent(source.spec);
  return content !== null && content !== source.content;
}

/**
 * Installs plugins of npm and of folders into `<prefix>/plugins`: all of them, checked by loading
 * them, or none. Requests of other kinds are left alone. Rejects with `PLUGIN_…` or what a plugin's
 * check found; everything is then as it was.
 */
export async function installNpmPlugins(
  requests: readonly PluginRequest[],
  paths: ServerPaths,
  onLine: (line: string) => void = () => {},
  pins: PluginPins = noPins,
): Promise<void> {
  const wanted = requests.filter(({ kind }) => kind === "npm" || kind === "folder-npm");
  if (wanted.length === 0) return;
  const npm = { cache: join(paths.packages, "npm"), settings: paths.plugins };
  await changeInCopy(paths.plugins, (folder) =>
    install(wanted, { folder, npm, onLine, paths, pins }),
  );
}

async function install(wanted: readonly PluginRequest[], staging: Staging): Promise<void> {
  const changed = await restoreFromNpm(wanted, staging);
  const restored = new Set(changed.map((source) => source.spec));
  for (const request of wanted.filter(({ spec }) => !restored.has(spec)))
    changed.push(await add(request, staging));
  for (const source of changed) await record(source, staging.folder);
  const specs = new Set(changed.map((source) => source.spec));
  const failures = await checkNodePlugins(staging.folder, staging.paths);
  const failure = failures.find((one) => specs.has(one.source) || isNameTaken(one.error));
  if (failure) throw failure.error;
}

/** Adds a plugin to a folder laid out as `<prefix>/plugins` is, without loading it. */
export async function addSource(request: PluginRequest, staging: Staging): Promise<PluginSource> {
  const source = await add(request, staging);
  await record(source, staging.folder);
  return source;
}

function add(request: PluginRequest, staging: Staging): Promise<PluginSource> {
  return (request.kind === "npm" ? addFromNpm : addFromFolder)(request, staging);
}

/** Which of two plugins of one name is refused depends on their packages, so either is a fault of the new one. */
function isNameTaken(error: unknown): boolean {
  return error instanceof TljhError && error.code === "PLUGIN_NAME_TAKEN";
}

/** Keeps one source a package and one package a source. */
async function record(source: PluginSource, folder: string): Promise<void> {
  const others = (await readSources(folder)).filter(
    (one) => one.package !== source.package && one.spec !== source.spec,
  );
  await writeSources(folder, [...others, source]);
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
