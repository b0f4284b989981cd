import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StagedPrefix } from "@tljh/conda";
import type { EventSink } from "../events.ts";
import { readDistributions } from "./distributions.ts";
import { afterRun, parsePipReport, readBrought, writeBrought } from "./pip-brought.ts";

/** The copy of an environment that pip changes. */
export type PipTarget = Pick<StagedPrefix, "prefix" | "directory" | "run">;

export interface Pip {
  readonly staged: PipTarget;
  readonly environment: string;
  readonly emit: EventSink;
}

/** The error for what pip said last. */
export type PipFailed = (said: string) => Error;

/** Runs pip in a staged environment. */
export async function runPip(
  { staged, environment, emit }: Pip,
  args: readonly string[],
  failed: PipFailed,
): Promise<void> {
  const python = join(staged.prefix, "bin", "python");
  const flags = ["--no-input", "--disable-pip-version-check", "--root-user-action=ignore"];
  const [verb = "", ...rest] = args;
  const result = await staged.run([python, "-m", "pip", verb, ...flags, ...rest], {
    reject: false,
    onLine: (line) => emit({ type: "output", command: `pip (${environment} environment)`, line }),
  });
  if (result.exitCode !== 0) throw failed(result.output.trim().split("\n").slice(-15).join("\n"));
}

/** What `pip install` is asked for: on the command line, or in files that only root can read. */
export interface PipInstall {
  readonly args: readonly string[];
  readonly requirements?: readonly string[];
  /** Versions at which what is there stays. */
  readonly constraints?: readonly string[];
  /** The entries that this run is for. */
  readonly entries: readonly string[];
}

/** Runs `pip install` and notes what was not there before; gives back pip's report as text. */
export async function pipInstall(
  pip: Pip,
  install: PipInstall,
  failed: PipFailed,
): Promise<string> {
  const { directory } = pip.staged;
  const { args, entries, requirements = [], constraints = [] } = install;
  const before = await readDistributions(directory);
  const folder = await mkdtemp(join(tmpdir(), "tljh-pip-"));
  const file = (name: string, lines: readonly string[]) =>
    writeFile(join(folder, name), `${lines.join("\n")}\n`, { mode: 0o600 });
  const given = (option: string, name: string, lines: readonly string[]) =>
    lines.length > 0 ? [`${option}=${join(folder, name)}`] : [];
  try {
    await file("requirements.txt", requirements);
    await file("constraints.txt", constraints);
    const report = join(folder, "report.json");
    const files = [
      ...given("--constraint", "constraints.txt", constraints),
      ...given("--requirement", "requirements.txt", requirements),
    ];
    const own = ["install", "--progress-bar=off", `--report=${report}`];
    await runPip(pip, [...own, ...files, ...args], failed);
    const text = await readFile(report, "utf8");
    const brought = await readBrought(directory);
    await writeBrought(directory, afterRun(brought, before, parsePipReport(text), entries));
    return text;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
