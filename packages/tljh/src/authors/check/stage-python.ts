import { cp } from "node:fs/promises";
import { basename, join } from "node:path";
import * as z from "zod";
import { pluginEntryPointMissing } from "../../errors/plugin-authors.ts";
import { pluginInstallFailed } from "../../errors/plugins.ts";
import type { PluginRequest } from "../../plugins/index.ts";
import { tryExec } from "../../system/exec.ts";
import type { ServerPaths } from "../../system/paths.ts";
import { authorsPython } from "../python.ts";
import type { Stage } from "./stage.ts";

interface Staging {
  readonly paths: ServerPaths;
  readonly folder: string;
}

/**
 * Installs a Python plugin into an environment of its own that has all that the hub's has besides, so that pip
 * adds to it only what is new.
 */
export async function stagePython(
  { spec, kind }: PluginRequest,
  { paths, folder }: Staging,
): Promise<Pick<Stage, "hubPython" | "sources" | "files">> {
  const environment = join(folder, "environment");
  const base = await authorsPython(paths);
  const options = ["--system-site-packages", "--without-pip"];
  await step(spec, base, ["-m", "venv", ...options, environment]);
  const hubPython = join(environment, "bin", "python");
  const isFolder = kind === "folder-python";
  // pip leaves traces in a folder that it installs from.
  const copy = join(folder, "source", basename(spec));
  if (isFolder) await cp(spec, copy, { recursive: true, filter: isWanted });
  const pip = ["-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--quiet"];
  const wanted = isFolder ? copy : spec;
  await step(spec, hubPython, [...pip, wanted]);
  let added = await addedTo(environment, hubPython);
  if (added.sources.length === 0) {
    // What the server has already was not installed again.
    await step(spec, hubPython, [...pip, "--no-deps", "--force-reinstall", wanted]);
    added = await addedTo(environment, hubPython);
  }
  if (added.sources.length === 0) throw pluginEntryPointMissing(spec);
  return {
    hubPython,
    sources: new Set(added.sources),
    files: { copies: [added.site], original: isFolder ? spec : null },
  };
}

const isWanted = (path: string) => !/\/(node_modules|\.venv|__pycache__)(\/|$)/.test(path);

/** Fails with what the program said last. */
async function step(spec: string, file: string, args: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await tryExec(file, args);
  const said = `${stdout}\n${stderr}`.trim().split("\n").slice(-15);
  if (exitCode !== 0) throw pluginInstallFailed(spec, new Error(said.join("\n")));
}

const script = `
import json, sysconfig
from importlib.metadata import distributions
site = sysconfig.get_path("purelib")
found = [d.name for d in distributions(path=[site]) if d.entry_points.select(group="tljh")]
print(json.dumps({"site": site, "sources": found}))
`;

const answer = z.object({ site: z.string(), sources: z.array(z.string()) });

/** The distributions with plugins that are in the environment itself, and the folder they are in. */
async function addedTo(environment: string, python: string): Promise<z.infer<typeof answer>> {
  const { stdout, exitCode, stderr } = await tryExec(python, ["-I", "-c", script]);
  if (exitCode !== 0) throw pluginInstallFailed(environment, new Error(stderr));
  return answer.parse(JSON.parse(stdout));
}
