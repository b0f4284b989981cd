import { chownSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { StagedPrefix } from "@tljh/conda";
import { tryExec } from "../../system/exec.ts";

/** A changed environment that is not in use yet. */
export type CheckedEnvironment = Pick<
  StagedPrefix,
  "prefix" | "directory" | "run" | "failedDirectory"
>;

export interface TrialResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  /** The end of what it wrote to both streams. */
  readonly output: string;
  /** Said where it was ended for taking too long. */
  readonly ended?: string;
}

/** Runs programs of an environment to see whether they work; gives back how they ended. */
export interface Trial extends Disposable {
  /** In the changed environment, which they see at its final path. */
  run(argv: readonly string[]): Promise<TrialResult>;
  /** In the one that is in use. */
  runLive(argv: readonly string[]): Promise<TrialResult>;
}

/** What starts a program outside of any changed environment. */
type Exec = (file: string, args: readonly string[]) => ReturnType<typeof tryExec>;

export const TRIAL_SECONDS = 300;
const NOBODY = 65534;

/**
 * Programs get a time limit, a home that is thrown away, nothing of this process's environment, and the
 * rights of nobody: what is tried may be anybody's code.
 */
export function startTrial(
  staged: Pick<CheckedEnvironment, "prefix" | "run">,
  exec: Exec = (file, args) => tryExec(file, args, { cwd: "/" }),
): Trial {
  const { prefix } = staged;
  const asNobody = process.geteuid?.() === 0 && isOpenToAll(dirname(prefix));
  const home = mkdtempSync(join(tmpdir(), "tljh-check-"));
  if (asNobody) chownSync(home, NOBODY, NOBODY);
  const under = [...limited(TRIAL_SECONDS), ...(asNobody ? nobody : [])];
  const environment = { HOME: home, LANG: "C.UTF-8" };
  return {
    async run(argv) {
      const options = { reject: false, inherit: false, cwd: "/", environment, under };
      return result(await staged.run(argv, options));
    },
    async runLive(argv) {
      const path = `PATH=${prefix}/bin:${process.env.PATH ?? ""}`;
      const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
      const clean = ["-i", path, ...variables, ...under, ...argv];
      const { exitCode, stdout, stderr } = await exec("/usr/bin/env", clean);
      return result({ exitCode, stdout, output: `${stdout}\n${stderr}` });
    },
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** Ends it, and all that it has started. */
const limited = (seconds: number) => ["/usr/bin/timeout", "--kill-after=5", String(seconds)];

const nobody = [
  "/usr/bin/setpriv",
  `--reuid=${NOBODY}`,
  `--regid=${NOBODY}`,
  "--clear-groups",
  "--no-new-privs",
  "--inh-caps=-all",
  "--bounding-set=-all",
];

/** What `timeout` ends with when it has ended the program: 137 where that did not heed it. */
const ENDED = new Set([124, 137]);

function result(ran: Omit<TrialResult, "ended">): TrialResult {
  if (!ENDED.has(ran.exitCode ?? 0)) return ran;
  return { ...ran, ended: `it was ended: ${TRIAL_SECONDS} seconds are its limit` };
}

/** Where a folder above is closed to others, nobody could not even start the environment's Python. */
function isOpenToAll(folder: string): boolean {
  if ((statSync(folder).mode & 0o001) === 0) return false;
  return folder === dirname(folder) || isOpenToAll(dirname(folder));
}
