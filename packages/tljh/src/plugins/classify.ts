import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { pluginPathMissing, pluginSpecInvalid, pluginWithoutManifest } from "../errors/plugins.ts";
import { hasPluginManifest } from "./manifest.ts";

/** A plugin as it was asked for. `spec` of a folder is its absolute path. */
export interface PluginRequest {
  readonly spec: string;
  readonly kind: "npm" | "folder-npm" | "folder-python" | "pip";
}

const PYTHON_MANIFESTS = ["pyproject.toml", "setup.cfg", "setup.py"];

/**
 * Says what `--plugin <spec>` means: `npm:<spec>` is a package of npm; what starts with `.`, `/` or
 * `~`, or names an existing folder with a slash, is a folder; everything else is for pip.
 */
export async function classify(spec: string, cwd: string = process.cwd()): Promise<PluginRequest> {
  if (!isUsableSpec(spec)) throw pluginSpecInvalid(spec);
  if (spec.startsWith("npm:")) return { spec, kind: "npm" };
  if (!looksLikePath(spec)) return { spec, kind: "pip" };
  const path = spec.startsWith("~/") ? join(homedir(), spec.slice(2)) : resolve(cwd, spec);
  return classifyPath(spec, path);
}

/** Whether a text may be given to npm or pip at all: no option, no second line. */
export function isUsableSpec(spec: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  return spec.trim() === spec && !/^(?:npm:)?(?:-|$)|[\x00-\x1f\x7f]/.test(spec);
}

/** A slash is also part of URLs and of `name @ URL`, which are for pip. */
function looksLikePath(spec: string): boolean {
  return /^(?:\.|\/|~\/)/.test(spec) || (spec.includes("/") && !/[:@]/.test(spec));
}

async function classifyPath(spec: string, path: string): Promise<PluginRequest> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw pluginPathMissing(spec, path);
  // A wheel or a source archive.
  if (!found.isDirectory()) return { spec: path, kind: "pip" };
  if (await hasPluginManifest(path)) return { spec: path, kind: "folder-npm" };
  for (const manifest of PYTHON_MANIFESTS) {
    if (await stat(join(path, manifest)).catch(() => null)) {
      return { spec: path, kind: "folder-python" };
    }
  }
  throw pluginWithoutManifest({ folder: path });
}
