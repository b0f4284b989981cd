import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pluginRemovalFailed } from "../errors/plugin-removal.ts";
import type { ServerPaths } from "../system/paths.ts";
import type { PluginRequest } from "./classify.ts";
import { changeInCopy } from "./exchange.ts";
import { npmInstall } from "./npm.ts";
import { type PluginSource, packageFolder, readSources, writeSources } from "./sources.ts";

/** The packages of `<prefix>/plugins` that were asked for once and are no longer. */
export async function unwantedNpmPlugins(
  requests: readonly PluginRequest[],
  paths: ServerPaths,
): Promise<PluginSource[]> {
  const wanted = new Set(requests.map(({ spec }) => spec));
  const sources = await readSources(paths.plugins);
  return sources.filter((source) => !source.byHand && !wanted.has(source.spec));
}

/**
 * Takes packages out of `<prefix>/plugins`, those of npm with the dependencies that nothing else
 * there needs: all of them, or none. Rejects with `PLUGIN_REMOVAL_FAILED`.
 */
export async function removeNpmPlugins(
  sources: readonly PluginSource[],
  paths: ServerPaths,
  onLine: (line: string) => void = () => {},
): Promise<void> {
  const going = new Set(sources.map((source) => source.package));
  await changeInCopy(paths.plugins, async (folder) => {
    try {
      await takeOut(sources, folder, paths);
      const staying = (await readSources(folder)).filter((source) => !going.has(source.package));
      await writeSources(folder, staying);
    } catch (cause) {
      throw pluginRemovalFailed([...going], cause);
    }
  });
  for (const name of going) onLine(`Removed ${name}`);
}

async function takeOut(
  sources: readonly PluginSource[],
  folder: string,
  paths: ServerPaths,
): Promise<void> {
  for (const source of sources)
    if (source.kind === "folder-npm")
      await rm(packageFolder(folder, source), { recursive: true, force: true });
  const names = sources.filter(({ kind }) => kind === "npm").map((source) => source.package);
  const npm = { cache: join(paths.packages, "npm"), settings: paths.plugins };
  if (names.length > 0) await npmInstall(folder, { rm: names }, npm);
}
