import { existsSync } from "node:fs";
import { cp, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Copies packages and all that they need out of the project's node_modules, nesting kept. */
export async function copyDependencies(
  root: string,
  names: readonly string[],
  target: string,
): Promise<void> {
  const modules = join(root, "node_modules");
  const folders = new Set<string>();
  for (const name of names) await collect(modules, name, root, folders);
  for (const folder of folders) {
    const to = join(target, folder.slice(modules.length + 1));
    await cp(folder, to, { recursive: true, filter: (path) => isNeeded(path, folder) });
  }
}

/** A nested node_modules is copied only as far as it was collected; what only its authors need is left out. */
function isNeeded(path: string, folder: string): boolean {
  const below = path.slice(folder.length);
  return !/^\/node_modules(\/|$)/.test(below) && !/^\/(doc|docs|vendor)$/.test(below)
    ? !/\.(map|md|d\.ts)$/.test(below)
    : false;
}

async function collect(
  modules: string,
  name: string,
  from: string,
  folders: Set<string>,
): Promise<void> {
  const folder = findPackage(name, from);
  if (folder === null || folders.has(folder) || !folder.startsWith(modules)) return;
  folders.add(folder);
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;
  const wanted = { ...manifest.dependencies, ...manifest.optionalDependencies };
  for (const dependency of Object.keys(wanted)) await collect(modules, dependency, folder, folders);
}

/** Where Node would find a package: in the nearest node_modules upwards. */
function findPackage(name: string, from: string): string | null {
  const candidate = join(from, "node_modules", name);
  if (existsSync(join(candidate, "package.json"))) return candidate;
  const parent = dirname(from);
  return parent === from ? null : findPackage(name, parent);
}
