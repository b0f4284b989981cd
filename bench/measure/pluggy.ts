import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type HookTimes, WORKLOAD } from "../pluggy/workload.ts";

const run = promisify(execFile);

/** Debian's, of the package python3-pluggy. */
const PYTHON = "/usr/bin/python3";

const OURS = fileURLToPath(new URL("../pluggy/ours.ts", import.meta.url));
const THEIRS = fileURLToPath(new URL("../pluggy/theirs.py", import.meta.url));

/** What hooks cost in our package and in Python's, one after the other. */
export interface PluggyRun {
  readonly ours: HookTimes;
  readonly theirs: HookTimes;
}

export async function measurePluggy(): Promise<PluggyRun> {
  const ours = await timesOf(process.execPath, OURS);
  return { ours, theirs: await timesOf(PYTHON, THEIRS) };
}

/** Throws a TypeError that says what to do if Python's pluggy is not there. */
export async function checkPluggy(): Promise<void> {
  await run(PYTHON, ["-c", "import pluggy"]).catch((cause: unknown) => {
    const what = `${PYTHON} cannot import pluggy; apt-get install python3-pluggy`;
    throw new TypeError(what, { cause });
  });
}

async function timesOf(program: string, script: string): Promise<HookTimes> {
  const { stdout } = await run(program, [script, JSON.stringify(WORKLOAD)]);
  return JSON.parse(stdout) as HookTimes;
}
