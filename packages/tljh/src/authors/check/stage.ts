import { access, constants, cp, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { PluginRequest } from "../../plugins/index.ts";
import { addSource } from "../../plugins/install.ts";
import { noPins } from "../../plugins/lock/pins.ts";
import { readManifest } from "../../plugins/manifest.ts";
import { packageFolder } from "../../plugins/sources.ts";
import { errorCode } from "../../system/files.ts";
import type { ServerPaths } from "../../system/paths.ts";
import type { SourceFiles } from "./place.ts";
import { stagePython } from "./stage-python.ts";

/** A throw-away place with a copy of the plugin in it, from which it can be loaded. */
export interface Stage extends AsyncDisposable {
  /** The server's, but for the plugins in TypeScript. */
  readonly paths: ServerPaths;
  /** The Python that has the plugin, if it is one in Python. */
  readonly hubPython?: string;
  /** What the plugins under check are loaded from, as `LoadedPlugin` names it. */
  readonly sources: ReadonlySet<string>;
  readonly files: SourceFiles;
}

/**
 * Puts a plugin beside those that the server has, without the server's taking notice. Rejects where it cannot
 * be installed at all.
 */
export async function stagePlugin(request: PluginRequest, paths: ServerPaths): Promise<Stage> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "tljh-check-")));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const plugins = join(folder, "plugins");
    await copyPlugins(paths.plugins, plugins);
    const staged = { ...paths, plugins, configFile: await readableConfig(paths, folder) };
    const isNode = request.kind === "npm" || request.kind === "folder-npm";
    const parts = isNode
      ? await stageNode(request, { paths, plugins, folder })
      : await stagePython(request, { paths, folder });
    return { paths: staged, ...parts, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Whoever may not read them, or has none, checks the plugin by itself. */
async function copyPlugins(live: string, copy: string): Promise<void> {
  await mkdir(copy);
  await cp(live, copy, { recursive: true, verbatimSymlinks: true }).catch(() => {});
}

/** Whoever may not read the server's `config.yaml` checks the plugin with an empty one. */
async function readableConfig({ configFile }: ServerPaths, folder: string): Promise<string> {
  const isClosed = await access(configFile, constants.R_OK).then(
    () => false,
    (error: unknown) => errorCode(error) === "EACCES",
  );
  return isClosed ? join(folder, "config.yaml") : configFile;
}

interface Staging {
  readonly paths: ServerPaths;
  readonly plugins: string;
  readonly folder: string;
}

async function stageNode(
  request: PluginRequest,
  { paths, plugins, folder }: Staging,
): Promise<Pick<Stage, "sources" | "files">> {
  const npm = { cache: join(folder, "npm"), settings: paths.plugins };
  const staging = { folder: plugins, npm, onLine: () => {}, paths, pins: noPins };
  const source = await addSource(request, staging);
  const copy = packageFolder(plugins, source);
  const original = request.kind === "npm" ? null : request.spec;
  const manifest = await readManifest(copy);
  const mains = new Map(manifest.plugins.map(({ name, file }) => [name, relative(copy, file)]));
  return { sources: new Set([request.spec]), files: { copies: [copy], original, mains } };
}
