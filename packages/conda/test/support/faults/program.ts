import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildSync } from "esbuild";
import type { Operation, OperationName } from "./operations.ts";

/** The operations in one file each for this process and for a process of their own: they start at once. */
export interface FaultProgram extends Disposable {
  readonly child: string;
  readonly operations: Readonly<Record<OperationName, Operation>>;
}

const REQUIRE =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

const packageRoot = join(import.meta.dirname, "../../..");

/** Below node_modules, where it finds the libraries that are left out of it. */
export async function bundledProgram(): Promise<FaultProgram> {
  const modules = join(packageRoot, "../../node_modules/.cache");
  mkdirSync(modules, { recursive: true });
  const folder = mkdtempSync(join(modules, "faults-"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  buildSync({
    entryPoints: [
      join(import.meta.dirname, "child.ts"),
      join(import.meta.dirname, "operations.ts"),
      join(packageRoot, "src/unpack/unpack-worker.ts"),
    ],
    outdir: folder,
    entryNames: "[name]",
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    external: ["koffi", "undici", "@conda-org/rattler"],
    // Libraries in CommonJS ask for Node's own modules by it.
    banner: { js: REQUIRE },
    logLevel: "error",
  });
  const { operations } = await import(pathToFileURL(join(folder, "operations.js")).href);
  return {
    child: join(folder, "child.js"),
    operations,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
