import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { PipTarget } from "../pip-run.ts";

const start = promisify(execFile);

/** A Python of this machine that can make environments and has pip; undefined if there is none. */
export const pythonWithPip = ["python3", "/usr/bin/python3"].find(
  (python) => spawnSync(python, ["-c", "import pip, venv"], { stdio: "ignore" }).status === 0,
);

/** A distribution for the index: a module, and an entry point `tljh` of its name. */
export interface Wheel {
  readonly name: string;
  readonly version: string;
  readonly requires?: readonly string[];
  /** What its module says; another text is another archive. */
  readonly text?: string;
}

export interface Environment extends AsyncDisposable {
  readonly folder: string;
  readonly staged: PipTarget;
  /** How pip was started, argument lists one after the other. */
  readonly argv: string[][];
  /** Publishes these instead of what was there before. */
  publish(...wheels: readonly Wheel[]): Promise<void>;
}

const WHEELS = `
import json, os, sys, zipfile
for folder, data in json.loads(sys.argv[1]):
    module = data["name"].replace("-", "_")
    stem = f"{module}-{data['version']}"
    info = f"{stem}.dist-info"
    requires = "".join(f"Requires-Dist: {one}\\n" for one in data.get("requires", []))
    files = {
        f"{module}.py": data.get("text", ""),
        f"{info}/METADATA": f"Metadata-Version: 2.1\\nName: {data['name']}\\nVersion: {data['version']}\\n{requires}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        f"{info}/entry_points.txt": f"[tljh]\\n{module} = {module}\\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\\n" for name in files) + f"{info}/RECORD,,\\n"
    os.makedirs(folder, exist_ok=True)
    with zipfile.ZipFile(f"{folder}/{stem}-py3-none-any.whl", "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), text)
`;

/** Packs wheels, each into its folder; gives back their paths. */
async function packWheels(wheels: readonly (readonly [string, Wheel])[]): Promise<string[]> {
  await start(pythonWithPip ?? "", ["-c", WHEELS, JSON.stringify(wheels)]);
  return wheels.map(([folder, { name, version }]) =>
    join(folder, `${name.replaceAll("-", "_")}-${version}-py3-none-any.whl`),
  );
}

export async function packWheel(folder: string, wheel: Wheel): Promise<string> {
  const [path = ""] = await packWheels([[folder, wheel]]);
  return path;
}

/** An environment in which this machine's pip installs from an index of its own. */
export async function pythonEnvironment(): Promise<Environment> {
  const folder = await mkdtemp(join(tmpdir(), "tljh-python-"));
  const prefix = join(folder, "hub");
  const index = join(folder, "simple");
  await start(pythonWithPip ?? "", [
    "-m",
    "venv",
    "--without-pip",
    "--system-site-packages",
    prefix,
  ]);
  const argv: string[][] = [];
  const run: PipTarget["run"] = async ([file = "", ...args]) => {
    argv.push(args);
    const env = { ...withoutPip(process.env), PIP_INDEX_URL: `file://${index}` };
    return start(file, args, { env }).then(
      ({ stdout, stderr }) => ({ exitCode: 0, stdout, output: stdout + stderr }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        exitCode: error.code,
        stdout: error.stdout,
        output: error.stdout + error.stderr,
      }),
    );
  };
  return {
    folder,
    staged: { prefix, directory: prefix, run },
    argv,
    publish: (...wheels) => publish(index, wheels),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** What this machine's pip is told otherwise is no part of a test. */
function withoutPip(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = Object.entries(env).filter(([name]) => !name.startsWith("PIP_"));
  return { ...Object.fromEntries(own), PIP_CONFIG_FILE: "/dev/null" };
}

async function publish(index: string, wheels: readonly Wheel[]): Promise<void> {
  await rm(index, { recursive: true, force: true });
  await packWheels(wheels.map((wheel) => [join(index, wheel.name), wheel]));
  for (const name of new Set(wheels.map((wheel) => wheel.name))) {
    const links: string[] = [];
    for (const file of await readdir(join(index, name))) {
      const data = await readFile(join(index, name, file));
      const sha256 = createHash("sha256").update(data).digest("hex");
      links.push(`<a href="${file}#sha256=${sha256}">${file}</a>`);
    }
    await writeFile(join(index, name, "index.html"), `<!DOCTYPE html><html>${links.join("\n")}`);
  }
}
