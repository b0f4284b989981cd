import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipFailed } from "../errors/install.ts";
import { pipRemovalFailed } from "../errors/plugin-removal.ts";
import type { EventSink } from "../events.ts";
import { readPythonPlugins } from "../plugins/index.ts";
import { readDistributions } from "./distributions.ts";
import { readBrought, unneededDistributions, writeBrought } from "./pip-brought.ts";
import { type Pip, type PipTarget, pipInstall, runPip } from "./pip-run.ts";

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

/** What pip is to see to in an environment. */
export interface PipWish {
  readonly wanted: readonly PipEntry[];
  /** Entries that pip was asked for before and that nobody wants any more. */
  readonly dropped: readonly string[];
  /** Told of each entry that cannot be installed, and that the others go on without; without it the first ends all. */
  readonly onFailing?: (entry: PipEntry, error: unknown) => Promise<void>;
}

/** The distributions that go once entries are dropped, by their normalised names. */
export async function droppedDistributions(
  directory: string,
  { wanted, dropped }: PipWish,
): Promise<readonly string[]> {
  if (dropped.length === 0) return [];
  const record = await readPipRecord(directory);
  const staying = Object.keys(record).filter((entry) => !dropped.includes(entry));
  const plugins = (await readPythonPlugins(directory)).map(({ spec }) => spec);
  const entries = [...staying, ...wanted.map((entry) => entry.value), ...plugins];
  return unneededDistributions(
    await readDistributions(directory),
    await readBrought(directory),
    entries,
  );
}

/**
 * Runs `pip install --upgrade` in a staged environment, and `pip uninstall` for what it brought earlier
 * and nobody wants. All options stand on the command line whenever one requirement is missing, since an
 * index named by one may serve another.
 */
export async function changePipEntries(
  staged: PipTarget,
  environment: string,
  wish: PipWish,
  emit: EventSink,
): Promise<void> {
  const { wanted, dropped } = wish;
  const { directory } = staged;
  const record = await readPipRecord(directory);
  const missing = missingPipEntries(record, wanted);
  if (missing.length + dropped.length === 0) return;
  const pip = { staged, environment, emit };
  const options = wanted.filter(isOption);
  const requirements = missing.filter((entry) => !isOption(entry));
  const failing = await installAll(pip, options, requirements, wish.onFailing);
  const going = await droppedDistributions(directory, wish);
  if (going.length > 0) await pipUninstall(pip, going);
  await forgetBrought(directory, going, dropped);
  const installed = wanted.filter((entry) => !failing.includes(entry));
  await writePipRecord(directory, record, { wanted: installed, dropped });
}

export function pipUninstall(pip: Pip, names: readonly string[]): Promise<void> {
  return runPip(pip, ["uninstall", "--yes", ...names], (said) =>
    pipRemovalFailed(pip.environment, names, said),
  );
}

/** All at once, or one by one where that fails and is to end nothing; gives back what could not be installed. */
async function installAll(
  pip: Pip,
  options: readonly PipEntry[],
  requirements: readonly PipEntry[],
  onFailing: PipWish["onFailing"],
): Promise<readonly PipEntry[]> {
  const failing: PipEntry[] = [];
  if (requirements.length === 0) return failing;
  try {
    await install(pip, options, requirements);
  } catch (error) {
    if (onFailing === undefined) throw error;
    for (const one of requirements) {
      await install(pip, options, [one]).catch(async (reason: unknown) => {
        failing.push(one);
        await onFailing(one, reason);
      });
    }
  }
  return failing;
}

async function install(
  pip: Pip,
  options: readonly PipEntry[],
  requirements: readonly PipEntry[],
): Promise<void> {
  const entries = requirements.map((entry) => entry.value);
  const values = [...options.map((entry) => entry.value), ...entries];
  await pipInstall(pip, { args: ["--upgrade", ...values], entries }, (said) =>
    pipFailed(pip.environment, values, said),
  );
}

/** What is uninstalled, or whose entries are dropped, was not brought by these any more. */
export async function forgetBrought(
  directory: string,
  gone: readonly string[],
  dropped: readonly string[],
): Promise<void> {
  const brought = Object.entries(await readBrought(directory));
  const staying = brought
    .filter(([name]) => !gone.includes(name))
    .map(([name, one]) => {
      const entries = one.entries.filter((entry) => !dropped.includes(entry));
      return [name, { ...one, entries }];
    });
  if (brought.length > 0) await writeBrought(directory, Object.fromEntries(staying));
}

/** Options that say where and how; `--requirement=…` names what to install. */
function isOption(entry: PipEntry): boolean {
  return entry.value.startsWith("-") && !entry.value.startsWith("--requirement=");
}

async function writePipRecord(
  directory: string,
  before: PipRecord,
  { wanted, dropped }: PipWish,
): Promise<void> {
  const staying = Object.entries(before).filter(([entry]) => !dropped.includes(entry));
  const record: Record<string, string> = Object.fromEntries(staying);
  for (const entry of wanted) record[entry.value] = entry.fingerprint ?? "";
  const path = recordPath(directory);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(record, null, 2)}\n`);
}
