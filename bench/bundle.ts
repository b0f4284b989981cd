import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));

/** What benchmarks make and keep. */
export const BENCH_FOLDER = join(PROJECT, "dist/bench");

/** As a release is bundled. */
const OPTIONS = {
  absWorkingDir: PROJECT,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node24",
  external: ["koffi", "@conda-org/rattler", "undici"],
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
} satisfies BuildOptions;

/** The text of a program in one file. */
export async function bundledText(source: string): Promise<Buffer> {
  const { outputFiles } = await build({ ...OPTIONS, entryPoints: [source], write: false });
  return Buffer.from(outputFiles[0]?.contents ?? []);
}

/** A program that uses the engine, with the engine's worker threads beside it; where it is. */
export async function bundleEngine(source: string): Promise<string> {
  const name = basename(source, ".ts");
  const outdir = join(BENCH_FOLDER, "programs", name);
  const workers = ["solve/solve-worker.ts", "unpack/unpack-worker.ts"];
  await build({
    ...OPTIONS,
    entryPoints: [source, ...workers.map((worker) => `packages/conda/src/${worker}`)],
    outdir,
    entryNames: "[name]",
  });
  return join(outdir, `${name}.js`);
}
