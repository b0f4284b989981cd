import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { currentAuthor, type Generation } from "../generations/generation.ts";
import { changesIn, recordLive } from "../generations/live.ts";
import { overPip } from "../prefix/errors.ts";
import { historyDate, revisionText } from "../prefix/history.ts";
import { normalName, pipDistributions } from "../prefix/pip.ts";
import { META, prefixRecordText, recordFileName } from "../prefix/records.ts";
import { replaceFile } from "../prefix/replace-file.ts";
import { recoverPrefix } from "../stage/keep.ts";
import type { PrefixLock } from "../stage/lock.ts";
import { returnFreedMemory } from "../stage/native.ts";
import type { StagedPrefix } from "../stage/stage.ts";
import { isEmpty, type Transaction, toLink } from "../transaction/transaction.ts";
import type { PrefixRecord } from "../types.ts";
import { applyTransaction } from "./apply.ts";
import { checkStaged } from "./check.ts";
import { EarlyStage } from "./early-stage.ts";
import { timed } from "./events.ts";
import { withLockedPrefix } from "./locked.ts";
import type { ChangeOptions, EnvironmentOptions, PackageSource } from "./options.ts";
import { currentPlan, type EnvironmentPlan, planWith } from "./plan.ts";
import { channelSource } from "./source.ts";

export interface ChangeResult {
  readonly transaction: Transaction;
  /** What is installed now. */
  readonly records: readonly PrefixRecord[];
  /** Whether another environment is live than before. */
  readonly changed: boolean;
  /** What is live now, where that is another. */
  readonly generation?: Generation;
  /** Where the previous one is kept. */
  readonly snapshot?: string | undefined;
}

/** What `changeEnvironment` would do, which takes it as `plan`. Changes nothing and takes no lock. */
export function planEnvironment(
  options: EnvironmentOptions,
  source: PackageSource = channelSource,
): Promise<EnvironmentPlan> {
  return planWith(source, options);
}

/**
 * Brings an environment to what is asked for: a copy is changed and checked, then takes its place
 * in one step. Whatever fails, the live one stays as it is and the copy is removed.
 */
export function changeEnvironment(
  options: ChangeOptions,
  source: PackageSource = channelSource,
): Promise<ChangeResult> {
  return withLockedPrefix(options, (lock) => changeLocked(options, source, lock));
}

async function changeLocked(
  options: ChangeOptions,
  source: PackageSource,
  lock: PrefixLock,
): Promise<ChangeResult> {
  recoverPrefix(options);
  const stage = new EarlyStage(options, lock);
  try {
    const plan = await currentPlan(source, stage.planning, options.plan);
    const { transaction } = plan;
    if (isEmpty(transaction) && options.extend === undefined) {
      return { transaction, records: await recordRequests(plan, options), changed: false };
    }
    warnOfPip(transaction, plan.installed, options);
    returnFreedMemory();
    recordLive(options, plan.installed, options.onEvent);
    return await changeStaged(await stage.staged(), transaction, source, options);
  } finally {
    await stage.discard();
  }
}

/** Where conda brings what pip has installed already, both are there afterwards and conda's files count. */
function warnOfPip(
  transaction: Transaction,
  installed: readonly PrefixRecord[],
  { prefix, onEvent }: ChangeOptions,
): void {
  const coming = new Map(toLink(transaction).map((record) => [normalName(record.name), record]));
  for (const distribution of pipDistributions(prefix, installed)) {
    const record = coming.get(distribution.name);
    if (record !== undefined) onEvent?.(overPip(distribution, record));
  }
}

async function changeStaged(
  staged: StagedPrefix,
  transaction: Transaction,
  source: PackageSource,
  options: ChangeOptions,
): Promise<ChangeResult> {
  const { onEvent, extend, reasons = {} } = options;
  const records = await applyTransaction(staged, transaction, source, options);
  await extend?.(staged);
  staged.settle();
  await checkStaged(staged, options);
  const change = {
    kind: "change" as const,
    by: currentAuthor(),
    ...(options.command !== undefined && { command: options.command }),
    ...changesIn(staged.directory, staged.prefix, records, reasons),
  };
  const { generation, snapshot } = await timed("exchange", onEvent, () => staged.commit(change));
  return { transaction, records, changed: true, generation, snapshot };
}

/** What is there already may be asked for only now; it is noted, so that it stays. */
async function recordRequests(
  { installed, request }: EnvironmentPlan,
  options: ChangeOptions,
): Promise<readonly PrefixRecord[]> {
  const isNew = (record: PrefixRecord): boolean => {
    const spec = request.specs.get(record.name);
    return spec !== undefined && spec !== (record.requested_spec ?? "None");
  };
  if (!installed.some(isNew)) return installed;
  const meta = join(options.prefix, META);
  const history = join(meta, "history");
  const revision = revisionText({
    date: historyDate(new Date()),
    ...(options.command !== undefined && { command: options.command }),
    added: [],
    removed: [],
    updateSpecs: options.specs,
    removeSpecs: [],
  });
  replaceFile(history, (await readFile(history, "utf8").catch(() => "")) + revision);
  return installed.map((record) => {
    if (!isNew(record)) return record;
    const noted = { ...record, requested_spec: request.specs.get(record.name) ?? "None" };
    replaceFile(join(meta, recordFileName(record)), prefixRecordText(noted));
    return noted;
  });
}
