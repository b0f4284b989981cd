import { resolve } from "node:path";
import { classify } from "../../plugins/index.ts";
import type { ServerPaths } from "../../system/paths.ts";
import { pythonTests } from "./python.ts";
import { runShown } from "./shown.ts";
import { typescriptTests } from "./typescript.ts";

/** A program that runs a plugin's tests. */
export interface TestProgram {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Runs a plugin's own tests, which print where this program does; true if they pass. `args` are for the test
 * runner. Rejects where there are none, or nothing to run them with.
 */
export async function runTests(
  folder: string,
  args: readonly string[],
  paths: Pick<ServerPaths, "hub" | "prefix">,
): Promise<boolean> {
  const { spec, kind } = await classify(resolve(folder));
  const make = kind === "folder-python" ? pythonTests : typescriptTests;
  return runShown(await make(spec, args, paths));
}
