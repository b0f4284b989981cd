import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TljhError } from "../errors/error.ts";
import { pluginInstallFailed, pluginWithoutManifest } from "../errors/plugins.ts";
import type { ServerPaths } from "../system/paths.ts";
import type { PluginRequest } from "./classify.ts";
import { copyFolder, folderContent } from "./copy-folder.ts";
import { changeInCopy } from "./exchange.ts";
import { checkNodePlugins } from "./load.ts";
import { hasPluginManifest, readManifest } from "./manifest.ts";
import { type NpmOptions, npmInstall } from "./npm.ts";
import { type PluginSource, packageFolder, readSources, writeSources } from "./sources.ts";

/** The installation under way: a staged copy of `<prefix>/plugins`. */
interface Staging {
  readonly folder: string;
  readonly npm: NpmOptions;
  readonly onLine: (line: string) => void;
  readonly paths: ServerPaths;
}

/** Those of the requests that are not installed as asked, or whose folder has changed since. */
export async function missingNpmPlugins(
  requests: readonly PluginRequest[],
  paths: ServerPaths,
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
    if (!source || (await hasChanged(source))) missing.push(request);
  }
  return missing;
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
): Promise<void> {
  const wanted = requests.filter(({ kind }) => kind === "npm" || kind === "folder-npm");
  if (wanted.length === 0) return;
  const npm = { cache: join(paths.packages, "npm"), settings: paths.plugins };
  await changeInCopy(paths.plugins, (folder) => install(wanted, { folder, npm, onLine, paths }));
}

async function install(wanted: readonly PluginRequest[], staging: Staging): Promise<void> {
  const changed: PluginSource[] = [];
  for (const request of wanted) {
    const add = request.kind === "npm" ? addFromNpm : addFromFolder;
    const source = await add(request.spec, staging);
    await record(source, staging.folder);
    changed.push(source);
  }
  const specs = new Set(changed.map((source) => source.spec));
  const failures = await checkNodePlugins(staging.folder, staging.paths);
  const failure = failures.find((one) => specs.has(one.source) || isNameTaken(one.error));
  if (failure) throw failure.error;
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

async function addFromNpm(spec: string, { folder, npm, onLine }: Staging): Promise<PluginSource> {
  const wanted = spec.slice("npm:".length);
  onLine(`Installing ${wanted} from npm`);
  const [name] = await asInstallation(spec, () => npmInstall(folder, { add: [wanted] }, npm));
  const source: PluginSource = { package: name ?? wanted, spec, kind: "npm" };
  const installed = packageFolder(folder, source);
  if (!(await hasPluginManifest(installed))) throw pluginWithoutManifest({ spec });
  const { version } = await readManifest(installed);
  await remove(packageFolder(folder, { ...source, kind: "folder-npm" }));
  onLine(`Installed ${source.package} ${version}`);
  return source;
}

async function addFromFolder(
  spec: string,
  { folder, npm, onLine }: Staging,
): Promise<PluginSource> {
  const manifest = await readManifest(spec);
  const content = await folderContent(spec);
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
  await asInstallation(spec, async () => {
    if (manifest.hasDependencies) {
      await keepOnlyDependencies(copy);
      await npmInstall(copy, {}, npm);
    }
    const npmCopy = packageFolder(folder, { ...source, kind: "npm" });
    if (await exists(npmCopy)) await npmInstall(folder, { rm: [manifest.name] }, npm);
  });
  onLine(`Installed ${manifest.name} ${manifest.version}`);
  return source;
}

/** npm looks up even those dependencies of a folder that it is told to leave out. */
async function keepOnlyDependencies(folder: string): Promise<void> {
  const path = join(folder, "package.json");
  const { devDependencies, workspaces, ...kept } = JSON.parse(await readFile(path, "utf8"));
  if (devDependencies ?? workspaces) await writeFile(path, `${JSON.stringify(kept, null, 2)}\n`);
}

async function asInstallation<Result>(spec: string, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (cause) {
    throw pluginInstallFailed(spec, cause);
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}
