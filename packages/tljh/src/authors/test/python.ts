import { existsSync } from "node:fs";
import { join } from "node:path";
import { pluginTestsMissing } from "../../errors/plugin-authors.ts";
import { tryExec } from "../../system/exec.ts";
import type { ServerPaths } from "../../system/paths.ts";
import { authorsPython } from "../python.ts";
import { findFiles } from "./find.ts";
import type { TestProgram } from "./run.ts";

const TESTS = ["**/test*.py", "**/*_test.py"];

/** pytest where the hub's environment has it, otherwise unittest. */
export async function pythonTests(
  folder: string,
  args: readonly string[],
  paths: Pick<ServerPaths, "hub" | "prefix">,
): Promise<TestProgram> {
  if (!(await findFiles(folder, TESTS))) throw pluginTestsMissing(folder, "test_*.py");
  const file = await authorsPython(paths);
  const hasPytest = (await tryExec(file, ["-c", "import pytest"])).exitCode === 0;
  const runner = hasPytest
    ? ["pytest", "-p", "no:cacheprovider"]
    : ["unittest", "discover", "--start-directory", await startFolder(folder)];
  return { file, args: ["-m", ...runner, ...args], cwd: folder, env: environment(folder, paths) };
}

/** unittest looks into no folder below that is no package. */
async function startFolder(folder: string): Promise<string> {
  if (await findFiles(folder, ["test*.py"])) return ".";
  return ["tests", "test"].find((name) => existsSync(join(folder, name))) ?? ".";
}

/** Nothing is left in the folder, which would then count as changed. */
function environment(folder: string, { prefix }: Pick<ServerPaths, "prefix">) {
  const source = join(folder, "src");
  const given = process.env.PYTHONPATH;
  const modules = [...(existsSync(source) ? [source] : []), ...(given ? [given] : [])];
  return {
    PYTHONDONTWRITEBYTECODE: "1",
    TLJH_INSTALL_PREFIX: prefix,
    ...(modules.length > 0 ? { PYTHONPATH: modules.join(":") } : {}),
  };
}
