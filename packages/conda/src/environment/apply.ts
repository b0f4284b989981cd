import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { linkByteCode } from "../link/byte-code.ts";
import { Linker, prefixRecord } from "../link/linker.ts";
import { type LinkPlan, planLink } from "../link/plan.ts";
import { type PythonInfo, pythonInfo } from "../link/python.ts";
import { runPackageScript, type ScriptKind } from "../link/scripts.ts";
import { unlinkPackages } from "../link/unlink.ts";
import { distName } from "../prefix/dist.ts";
import { aborted } from "../prefix/errors.ts";
import { historyDate, revisionText } from "../prefix/history.ts";
import { META, recordFileName, writePrefixRecord } from "../prefix/records.ts";
import type { StagedPrefix } from "../stage/stage.ts";
import { type Transaction, toLink, toUnlink } from "../transaction/transaction.ts";
import type { PackageArchive, PackageRecord, PrefixPathsEntry, PrefixRecord } from "../types.ts";
import { restoreContested } from "./contested.ts";
import { PiecemealPhase } from "./events.ts";
import type { ChangeOptions, PackageSource } from "./options.ts";
import { PythonCompiler } from "./python-compiler.ts";

/** Carries a transaction out in a staged environment; what is installed there afterwards. */
export async function applyTransaction(
  staged: StagedPrefix,
  transaction: Transaction,
  source: PackageSource,
  options: ChangeOptions,
): Promise<PrefixRecord[]> {
  const going = toUnlink(transaction);
  for (const record of going) await runScript("pre-unlink", record, staged, options);
  unlinkPackages(staged.directory, going, transaction.kept);
  const python = pythonOf(transaction);
  restoreContested({ ...options, target: staged, python, going, kept: transaction.kept });
  const linked = await linkPackages(staged, transaction, source, options);
  for (const record of linked) writePrefixRecord(staged.directory, record);
  for (const record of linked) await runScript("post-link", record, staged, options);
  const kept = withRequests(staged.directory, transaction);
  writeRevision(staged.directory, transaction, options);
  return [...kept, ...linked].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function runScript(
  kind: ScriptKind,
  record: PackageRecord,
  staged: StagedPrefix,
  options: ChangeOptions,
): Promise<void> {
  const { signal } = options;
  return runPackageScript(
    kind,
    record,
    staged,
    (argv, given) => staged.run(argv, { ...given, signal }),
    options.onEvent,
  );
}

async function linkPackages(
  staged: StagedPrefix,
  transaction: Transaction,
  source: PackageSource,
  options: ChangeOptions,
): Promise<PrefixRecord[]> {
  const records = toLink(transaction);
  if (records.length === 0) return [];
  const linking = new PackageLinking(staged, transaction, options);
  try {
    await source.prepare(records, options, (archive) => linking.add(archive));
    return await linking.finish();
  } finally {
    await linking.close();
  }
}

/** The interpreter that there will be. */
function pythonOf(transaction: Transaction): PythonInfo | undefined {
  const all = [...toLink(transaction), ...transaction.kept];
  const python = all.find((record) => record.name === "python");
  return python && pythonInfo(python);
}

interface LinkedPackage {
  readonly plan: LinkPlan;
  readonly paths: readonly PrefixPathsEntry[];
  readonly byteCode: Promise<PrefixPathsEntry[]>;
}

/** Links packages as they come out of the cache, and compiles while others still come. */
class PackageLinking {
  readonly #staged: StagedPrefix;
  readonly #transaction: Transaction;
  readonly #options: ChangeOptions;
  readonly #ranks: ReadonlyMap<string, number>;
  readonly #python: PythonInfo | undefined;
  readonly #linker: Linker;
  readonly #compiler: PythonCompiler;
  readonly #linked = new Map<string, LinkedPackage>();
  readonly #phase: PiecemealPhase;
  readonly #compilePhase: PiecemealPhase;

  constructor(staged: StagedPrefix, transaction: Transaction, options: ChangeOptions) {
    const records = toLink(transaction);
    this.#staged = staged;
    this.#transaction = transaction;
    this.#options = options;
    this.#ranks = new Map(records.map((record, rank) => [record.name, rank]));
    this.#python = pythonOf(transaction);
    this.#linker = new Linker({
      target: staged,
      python: this.#python,
      kept: transaction.kept,
      ...(options.onEvent && { onEvent: options.onEvent }),
    });
    this.#compiler = new PythonCompiler(staged, records, this.#python);
    const toCompile = records.filter((record) => record.noarch === "python").length;
    this.#phase = new PiecemealPhase("link", records.length, options.onEvent);
    this.#compilePhase = new PiecemealPhase("compile", toCompile, options.onEvent);
  }

  add(archive: PackageArchive): void {
    const { signal } = this.#options;
    if (signal?.aborted) throw aborted(signal.reason);
    const { name } = archive.record;
    const rank = this.#ranks.get(name) ?? 0;
    this.#phase.begin();
    const plan = planLink(archive, this.#python);
    const paths = this.#linker.link(plan, rank);
    const byteCode = this.#byteCode(plan, rank);
    // Awaited in `finish`; a failure before that must not go unhandled.
    byteCode.catch(() => {});
    this.#linked.set(name, { plan, paths, byteCode });
    this.#compiler.linked(name);
    this.#phase.piece(name);
  }

  async finish(): Promise<PrefixRecord[]> {
    this.#phase.end();
    this.#staged.settle();
    const records: PrefixRecord[] = [];
    for (const record of toLink(this.#transaction)) {
      const linked = this.#linked.get(record.name);
      if (linked === undefined) continue;
      const paths = [...linked.paths, ...(await linked.byteCode)];
      const requested = this.#transaction.requestedSpecs.get(record.name);
      records.push(prefixRecord(linked.plan, paths, requested));
    }
    this.#compilePhase.end();
    return records;
  }

  close(): Promise<void> {
    return this.#compiler.close();
  }

  async #byteCode(plan: LinkPlan, rank: number): Promise<PrefixPathsEntry[]> {
    if (this.#python === undefined || plan.compiled.length === 0) return [];
    this.#compilePhase.begin();
    const entries = await linkByteCode({
      plan,
      rank,
      linker: this.#linker,
      target: this.#staged,
      python: this.#python,
      compiler: () => this.#compiler.ready(),
    });
    this.#compilePhase.piece(plan.archive.record.name);
    return entries;
  }
}

/** Packages that stay but are asked for now, or no longer: their records say so. */
function withRequests(directory: string, transaction: Transaction): PrefixRecord[] {
  return transaction.kept.map((record) => {
    const requested = transaction.requestedSpecs.get(record.name) ?? "None";
    if (requested === (record.requested_spec ?? "None")) return record;
    const changed = { ...record, requested_spec: requested };
    rmSync(join(directory, META, recordFileName(record)));
    writePrefixRecord(directory, changed);
    return changed;
  });
}

/** Adds a revision to the history, if there is anything to tell. */
function writeRevision(directory: string, transaction: Transaction, options: ChangeOptions): void {
  const revision = {
    date: historyDate(new Date()),
    ...(options.command !== undefined && { command: options.command }),
    added: toLink(transaction).map(distName),
    removed: toUnlink(transaction).map(distName),
    updateSpecs: options.specs,
    removeSpecs: [...(options.remove ?? []), ...(options.release ?? [])],
  };
  const lists = [revision.added, revision.removed, revision.updateSpecs, revision.removeSpecs];
  if (lists.every((list) => list.length === 0)) return;
  appendFileSync(join(directory, META, "history"), revisionText(revision));
}
