import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import { snippetBroken } from "../errors/hub.ts";
import { tryExec } from "../system/exec.ts";
import type { ServerPaths } from "../system/paths.ts";

const COMPILE = `
import sys, traceback
for path in sys.argv[1:]:
    try:
        with open(path, "rb") as file:
            compile(file.read(), path, "exec")
    except (SyntaxError, ValueError):
        print(path)
        traceback.print_exc(limit=0, file=sys.stdout)
        sys.exit(3)
`;

/**
 * Throws for a file of `jupyterhub_config.d` that the hub's Python cannot read: the hub that runs
 * would be stopped for it. What only fails when it is executed is found by the hub alone.
 */
export async function checkSnippets(paths: ServerPaths): Promise<void> {
  const python = join(paths.hub, "bin", "python3");
  const names = await readdir(paths.configSnippets).catch(() => []);
  const files = names.filter((name) => name.endsWith(".py")).sort();
  const hasPython = await access(python).then(
    () => true,
    () => false,
  );
  if (files.length === 0 || !hasPython) return;
  const argv = files.map((name) => join(paths.configSnippets, name));
  const { exitCode, stdout } = await tryExec(python, ["-I", "-c", COMPILE, ...argv]);
  if (exitCode !== 3) return;
  const [file = "", ...said] = stdout.trimEnd().split("\n");
  throw snippetBroken(file, said.join("\n"));
}
