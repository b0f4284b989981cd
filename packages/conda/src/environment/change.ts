import { renameSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";
import { CondaError } from "../errors.ts";
import { aborted } from "../prefix/errors.ts";
import { historyDate, revisionText } from "../prefix/history.ts";
import { META, prefixRecordText, recordFileName } from "../prefix/records.ts";
import { recoverPrefix } from "../stage/exchange.ts";
import { lockPrefix, type PrefixLock } from "../stage/lock.ts";
import { returnFreedMemory } from "../stage/native.ts";
import { type StagedPrefix, stagePrefix } from "../stage/stage.ts";
import { isEmpty, type Transaction } from "../transaction/transaction.ts";
import type { PrefixRecord } from "../types.ts";
import { applyTransaction } from "./apply.ts";
import { timed } from "./events.ts";
import type { ChangeOptions, EnvironmentOptions, PackageSource } from "./options.ts";
import { currentPlan, type EnvironmentPlan, planWith } from "./plan.ts";
import { channelSource } from "./source.ts";

export interface ChangeResult {
  readonly transaction: Transaction;
  /** What is installed now. */
  readonly records: readonly PrefixRecord[];
  /** Whether another environment is live than before. */
  readonly changed: boolean;
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
export async function changeEnvironment(
  options: ChangeOptions,
  source: PackageSource = channelSource,
): Promise<ChangeResult> {
  using lock = lockPrefix(options.prefix);
  using _umask = readableByAll();
  try {
    return await changeLocked(options, source, lock);
  } catch (error) {
    if (error instanceof CondaError || !options.signal?.aborted) throw error;
    throw aborted(error);
  }
}

async function changeLocked(
  options: ChangeOptions,
  source: PackageSource,
  lock: PrefixLock,
): Promise<ChangeResult> {
  recoverPrefix(options.prefix);
  const plan = await currentPlan(source, options, options.plan);
  const { transaction } = plan;
  if (isEmpty(transaction) && options.extend === undefined) {
    return { transaction, records: await recordRequests(plan, options), changed: false };
  }
  returnFreedMemory();
  const staged = await stagePrefix({ ...options, installed: plan.installed, lock });
  try {
    return await changeStaged(staged, transaction, source, options);
  } finally {
    await staged.discard();
  }
}

async function changeStaged(
  staged: StagedPrefix,
  transaction: Transaction,
  source: PackageSource,
  options: ChangeOptions,
): Promise<ChangeResult> {
  const { onEvent, extend, check } = options;
  const records = await applyTransaction(staged, transaction, source, options);
  await extend?.(staged);
  if (check) await timed("check", onEvent, () => check(staged));
  const { snapshot } = await timed("exchange", onEvent, () => staged.commit());
  return { transaction, records, changed: true, snapshot };
}

/** An admin's own `umask` must not keep the users out of their environment. */
function readableByAll(): Disposable {
  if (!isMainThread) return { [Symbol.dispose]: () => {} };
  const previous = process.umask(0o022);
  return { [Symbol.dispose]: () => void process.umask(previous) };
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

/** In one step, and never through a hard link that a snapshot shares. */
function replaceFile(file: string, text: string): void {
  const draft = `${file}.new`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}
