import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { CheckedEnvironment, Trial } from "./trial.ts";

/** How a program ends, where not well and without a word. */
export interface Answer {
  readonly exitCode?: number;
  readonly stdout?: string;
  readonly output?: string;
}

/** How programs of an environment end, by `import`, `pip` and the last part of their paths. */
export type Answers = Readonly<Record<string, Answer>>;

export interface Environments {
  readonly staged: CheckedEnvironment;
  readonly trial: Trial;
  /** What was started in the staged one. */
  readonly started: readonly (readonly string[])[];
}

/** An environment that is to be checked, and one that is in use where there are answers of its own. */
export function environments(answers: Answers, live?: Answers): Environments {
  const root = mkdtempSync(join(tmpdir(), "tljh-checked-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const prefix = join(root, "user");
  if (live !== undefined) write(join(prefix, "bin/python"), "");
  const started: (readonly string[])[] = [];
  const staged: CheckedEnvironment = {
    prefix,
    directory: join(root, "user.staged-1"),
    failedDirectory: join(root, "user.failed-1"),
    run: () => Promise.reject(new Error("nothing is really started")),
  };
  const trial: Trial = {
    async run(argv) {
      started.push(argv);
      return answered(answers, argv);
    },
    runLive: async (argv) => answered(live ?? {}, argv),
    [Symbol.dispose]: () => {},
  };
  return { staged, trial, started };
}

function answered(answers: Answers, argv: readonly string[]) {
  const kind = kindOf(argv);
  const { exitCode = 0, stdout = "", output = stdout } = answers[kind] ?? {};
  const isSilent = kind === "import" && stdout + output === "";
  return { exitCode, stdout: isSilent ? END : stdout, output };
}

export function kindOf(argv: readonly string[]): string {
  const program = argv[0]?.split("/").at(-1) ?? "";
  if (program !== "python") return program;
  return argv.includes("pip") ? "pip" : "import";
}

const END = 'tljh-check:["end"]\n';

/** What the import of a module says that fails. */
export const failedImport = (module: string, reason: string): Answers => ({
  import: { stdout: `tljh-check:${JSON.stringify(["failed", module, reason])}\n${END}` },
});

export function write(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode });
}

/** The record of a package of conda. */
export function writeRecord(directory: string, record: Readonly<Record<string, unknown>>): void {
  const file = `conda-meta/${record.name}-${record.version}-0.json`;
  write(join(directory, file), JSON.stringify(record));
}
