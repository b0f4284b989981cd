import { execFileSync, spawnSync } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ServerPaths, serverPaths } from "../system/paths.ts";

/** The repository's own folder. */
const repository = fileURLToPath(new URL("../../../../", import.meta.url));

/** A folder as a literal: names of files to their text, of folders to their content. */
export interface Tree {
  readonly [name: string]: string | Tree;
}

export async function writeTree(folder: string, tree: Tree): Promise<void> {
  for (const [name, content] of Object.entries(tree)) {
    const path = join(folder, name);
    if (typeof content !== "string") await writeTree(path, content);
    else {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    }
  }
}

export interface Sandbox extends AsyncDisposable {
  readonly folder: string;
  readonly paths: ServerPaths;
}

/** A temporary folder with the tree in it; the server's prefix is `prefix` in it. */
export async function sandbox(tree: Tree = {}): Promise<Sandbox> {
  const folder = await mkdtemp(join(tmpdir(), "tljh-plugins-"));
  await writeTree(folder, tree);
  await mkdir(join(folder, "prefix"), { recursive: true });
  return {
    folder,
    paths: serverPaths(join(folder, "prefix")),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A plugin's folder: its manifest, and its one file. */
export function pluginFolder(name: string, source: string, extra: object = {}): Tree {
  const manifest = {
    name,
    version: "1.0.0",
    type: "module",
    tljh: { plugins: { [name]: "./plugin.ts" } },
  };
  return { "package.json": JSON.stringify({ ...manifest, ...extra }), "plugin.ts": source };
}

/** The source of a plugin that asks for one Debian package. */
export const answering = (value: string) => `import { hookimpl } from "tljh/hooks";
export const tljh_extra_apt_packages = hookimpl(() => ["${value}"]);`;

/** A published plugin, in JavaScript. */
export const published = (name: string, version: string, extra: object = {}): Tree => ({
  "package.json": JSON.stringify({
    name,
    version,
    type: "module",
    tljh: { plugins: { [name]: "./plugin.js" } },
    ...extra,
  }),
  "plugin.js": answering(`${name}-${version}`),
});

/** Packs the folder `package` of a working folder, as npm does; the same files give the same archive. */
export function pack(work: string, file: string): void {
  const same = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0"];
  execFileSync("tar", [
    "--create",
    "--gzip",
    ...same,
    "--file",
    file,
    "--directory",
    work,
    "package",
  ]);
}

/** `<prefix>/plugins` with plugins copied from folders. */
export function pluginsOf(folders: Readonly<Record<string, Tree>>): Tree {
  const entries = Object.keys(folders).map((name) => [
    name,
    { kind: "folder-npm", spec: `/home/ada/${name}` },
  ]);
  const manifest = { private: true, tljh: { sources: Object.fromEntries(entries) } };
  return { prefix: { plugins: { "package.json": JSON.stringify(manifest), folders } } };
}

/** A Python of this machine with the modules that the hub's has; undefined if there is none. */
export const testPython = ["/usr/bin/python3", "python3"].find((python) => {
  const args = ["-c", "import pluggy, ruamel.yaml"];
  return spawnSync(python, args, { stdio: "ignore" }).status === 0;
});

/**
 * A hub environment of the system's Python with the project's Python packages, and plugins from
 * source: module name to text, each an entry point of the same name.
 */
export async function writeHub(
  folder: string,
  plugins: Readonly<Record<string, string>>,
): Promise<string> {
  const site = join(folder, "site");
  for (const [name, source] of Object.entries(plugins)) {
    await writeTree(site, {
      [`${name}.py`]: source,
      [`${name}-1.0.dist-info`]: {
        METADATA: `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n`,
        "entry_points.txt": `[tljh]\n${name} = ${name}\n`,
      },
    });
  }
  const python = join(folder, "bin", "python");
  const modules = [join(repository, "python/tljh/src"), site].join(":");
  await writeTree(folder, {
    "bin/python": `#!/bin/sh\nPYTHONDONTWRITEBYTECODE=1 PYTHONPATH='${modules}'\${PYTHONPATH:+:$PYTHONPATH} exec ${testPython} "$@"\n`,
  });
  await chmod(python, 0o755);
  return python;
}

/** One of the examples, copied to a place from which nothing of the repository can be found. */
export async function copyExample(name: string, folder: string): Promise<string> {
  const copy = join(folder, name);
  await cp(join(repository, "examples/plugins", name), copy, { recursive: true });
  return copy;
}
