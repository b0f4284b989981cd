import { existsSync } from "node:fs";
import { join } from "node:path";
import { pluginPythonMissing } from "../errors/plugin-authors.ts";
import { tryExec } from "../system/exec.ts";
import type { ServerPaths } from "../system/paths.ts";

/** The hub's Python, as for installed plugins; without a server this machine's, if it has `tljh`. */
export async function authorsPython({ hub }: Pick<ServerPaths, "hub">): Promise<string> {
  const own = join(hub, "bin", "python");
  const python = existsSync(own) ? own : "python3";
  const { exitCode, stderr } = await tryExec(python, ["-c", "import tljh.testing"]);
  if (exitCode !== 0) throw pluginPythonMissing(python, hub, stderr);
  return python;
}
