import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { StagedPrefix } from "@tljh/conda";
import { pipFailed } from "../errors/install.ts";
import type { EventSink } from "../events.ts";

/** One line that pip was asked for: a requirement, an option, or a folder with a fingerprint of its content. */
export interface PipEntry {
  readonly value: string;
  /** Who asks for it, for the plan. */
  readonly because: string;
  /** Changes when the same entry must be installed again, as a folder whose files changed. */
  readonly fingerprint?: string;
}

/** What pip installed on our behalf; kept inside the environment, so that both change in one step. */
type PipRecord = Readonly<Record<string, string>>;

/** The copy of an environment that pip changes. */
export type PipTarget = Pick<StagedPrefix, "prefix" | "directory" | "run">;

const recordPath = (directory: string) => join(directory, "etc", "tljh", "pip.json");

/** What was asked of pip in an environment before; empty where there is none. */
export async function readPipRecord(prefix: string): Promise<PipRecord> {
  try {
    return JSON.parse(await readFile(recordPath(prefix), "utf8")) as PipRecord;
  } catch {
    return {};
  }
}

/** The entries that pip has not yet been asked for, or whose content changed since. */
export function missingPipEntries(
  record: PipRecord,
  wanted: readonly PipEntry[],
): readonly PipEntry[] {
  return wanted.filter((entry) => record[entry.value] !== (entry.fingerprint ?? ""));
}

/**
 * Runs `pip install --upgrade` in a staged environment. All options stand on the command
 * line whenever one requirement is missing, since an index named by one may serve another.
 */
export async function installPipEntries(
  staged: PipTarget,
  environment: "hub" | "user",
  wanted: readonly PipEntry[],
  emit: EventSink,
): Promise<void> {
  const record = await readPipRecord(staged.directory);
  const missing = missingPipEntries(record, wanted);
  if (missing.length === 0) return;
  const options = wanted.filter(isOption);
  const requirements = missing.filter((entry) => !isOption(entry));
  if (requirements.length > 0) {
    const values = [...options, ...requirements].map((entry) => entry.value);
    await runPip(staged, environment, values, emit);
  }
  await writePipRecord(staged.directory, record, wanted);
}

/** Options that say where and how; `--requirement=…` names what to install. */
function isOption(entry: PipEntry): boolean {
  return entry.value.startsWith("-") && !entry.value.startsWith("--requirement=");
}

async function runPip(
  staged: PipTarget,
  environment: "hub" | "user",
  values: readonly string[],
  emit: EventSink,
): Promise<void> {
  const python = join(staged.prefix, "bin", "python");
  const flags = ["--no-input", "--disable-pip-version-check", "--root-user-action=ignore"];
  const result = await staged.run(
    [python, "-m", "pip", "install", "--upgrade", "--progress-bar=off", ...flags, ...values],
    {
      reject: false,
      onLine: (line) => emit({ type: "output", command: `pip (${environment} environment)`, line }),
    },
  );
  if (result.exitCode !== 0) throw pipFailed(environment, values, lastLines(result.output, 15));
}

function lastLines(text: string, count: number): string {
  return text.trim().split("\n").slice(-count).join("\n");
}

async function writePipRecord(
  directory: string,
  before: PipRecord,
  wanted: readonly PipEntry[],
): Promise<void> {
  const record: Record<string, string> = { ...before };
  for (const entry of wanted) record[entry.value] = entry.fingerprint ?? "";
  const path = recordPath(directory);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(record, null, 2)}\n`);
}
