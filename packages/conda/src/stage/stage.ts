import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, rmdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { CondaEventSink } from "../events.ts";
import type { Generation, NewGeneration } from "../generations/generation.ts";
import { type Pending, readJournal, writeJournal } from "../generations/journal.ts";
import { nextGeneration } from "../generations/live.ts";
import { readMarker, writeMarker } from "../generations/marker.ts";
import { finishLater } from "../generations/messages.ts";
import { exchangeFailed } from "../prefix/errors.ts";
import type { PrefixRecord } from "../types.ts";
import { cloneTree } from "./clone.ts";
import { editedFiles } from "./edited.ts";
import { exchange, flush, isNothing, stagedStart } from "./exchange.ts";
import {
  CARRIED,
  failedDirectory,
  finishExchange,
  forgetOld,
  keepFailed,
  recoverPrefix,
  snapshotName,
} from "./keep.ts";
import { lockPrefix, type PrefixLock } from "./lock.ts";
import type { RemoveTree } from "./remove-tree.ts";
import {
  canMount,
  type RunOptions,
  type RunResult,
  runInPlace,
  type SpawnInPlace,
  spawnInPlace,
} from "./run.ts";

export interface StageOptions {
  readonly prefix: string;
  /** What is copied: the live environment unless told. */
  readonly source?: string;
  /** What is installed in it; decides which files the two trees may share. */
  readonly installed: readonly PrefixRecord[];
  readonly snapshotsDir: string;
  /** Earlier generations whose files are kept, the one that is live now included. Five unless told. */
  readonly keepSnapshots?: number;
  /** What removes the files of the others; at once unless told. */
  readonly removeTree?: RemoveTree;
  readonly onEvent?: CondaEventSink;
  /** Held by the caller; taken and released here where none is given. */
  readonly lock?: PrefixLock;
}

/** A copy of an environment to be changed, which then takes its place whole or is thrown away. */
export interface StagedPrefix {
  /** Where it is now. */
  readonly directory: string;
  /** Where it will be. */
  readonly prefix: string;
  /** Runs a command that sees the copy at its final path. */
  run(argv: readonly string[], options?: RunOptions): Promise<RunResult>;
  spawn(argv: readonly string[], options: SpawnInPlace): ChildProcess;
  /** Begins to write what is there to the disk, beside other work, so that a commit waits less. */
  settle(): void;
  /** Takes the live one's place in one step; says where the previous one is kept. */
  commit(change: NewGeneration): Promise<Committed>;
  /** Where it is kept for a look if it is given up. */
  readonly failedDirectory: string;
  giveUp(): Promise<void>;
  discard(): Promise<void>;
}

export interface Committed {
  readonly generation: Generation;
  readonly snapshot: string | undefined;
}

const KEPT_SNAPSHOTS = 5;

export async function stagePrefix(options: StageOptions): Promise<StagedPrefix> {
  const lock = options.lock ?? lockPrefix(options.prefix);
  const release = (): void => (options.lock === undefined ? lock.release() : undefined);
  try {
    recoverPrefix(options);
    return new Staged(options, makeDirectory(options), release);
  } catch (error) {
    recoverPrefix(options);
    release();
    throw error;
  }
}

function makeDirectory({ prefix, source = prefix, installed }: StageOptions): string {
  const name = stagedStart(prefix) + randomBytes(4).toString("hex");
  const directory = join(dirname(prefix), name);
  if (isNothing(source)) mkdirSync(directory);
  else {
    const without = new Set(CARRIED);
    cloneTree(source, directory, { without, isEdited: editedFiles(installed) });
  }
  mkdirSync(join(directory, "conda-meta"), { recursive: true });
  return directory;
}

class Staged implements StagedPrefix {
  readonly directory: string;
  readonly prefix: string;
  readonly #options: StageOptions;
  readonly #release: () => void;
  readonly #isNew: boolean;
  #mounts: boolean | undefined;
  #madeMountPoint = false;
  #done = false;
  #settling: Promise<void> = Promise.resolve();

  constructor(options: StageOptions, directory: string, release: () => void) {
    this.#options = options;
    this.directory = directory;
    this.prefix = options.prefix;
    this.#release = release;
    this.#isNew = isNothing(options.prefix);
  }

  run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    return runInPlace(this, this.#canMount(), argv, options);
  }

  spawn(argv: readonly string[], options: SpawnInPlace): ChildProcess {
    return spawnInPlace(this, this.#canMount(), argv, options);
  }

  settle(): void {
    // What fails here fails again, and is told, in the commit.
    this.#settling = this.#settling.then(() => flush(this.directory)).catch(() => {});
  }

  get failedDirectory(): string {
    return failedDirectory(this.prefix, this.directory);
  }

  async commit(change: NewGeneration): Promise<Committed> {
    const generation = await this.#exchange(change);
    this.#done = true;
    try {
      return { generation, snapshot: this.#putPreviousAside() };
    } finally {
      this.#release();
    }
  }

  async giveUp(): Promise<void> {
    await this.#end(() => keepFailed(this.prefix, this.directory));
  }

  async discard(): Promise<void> {
    await this.#end(() => rmSync(this.directory, { recursive: true, force: true }));
  }

  /** The journal tells of it before it is made, so that a kill right after it loses nothing. */
  async #exchange(change: NewGeneration): Promise<Generation> {
    const journal = readJournal(this.#options);
    const generation = nextGeneration(change, journal);
    try {
      writeMarker(this.directory, { version: 1, generation, inventory: change.inventory });
      await this.#settling;
      await flush(this.directory);
      writeJournal(this.#options, { ...journal, pending: this.#pending(generation) });
      exchange(this.directory, this.prefix);
    } catch (error) {
      if (readMarker(this.prefix)?.generation.id !== generation.id) {
        throw exchangeFailed(this.prefix, error);
      }
    }
    return generation;
  }

  #pending(generation: Generation): Pending {
    const snapshot = this.#isNew || this.#keep === 0 ? undefined : snapshotName(this.prefix);
    const staged = basename(this.directory);
    return { generation, staged, ...(snapshot !== undefined && { snapshot }) };
  }

  /** The new environment is live: what fails from here on is finished by the next change. */
  #putPreviousAside(): string | undefined {
    try {
      const snapshot = finishExchange(this.#options);
      forgetOld(this.#options, this.#keep, this.#options.removeTree);
      return snapshot;
    } catch (error) {
      this.#options.onEvent?.(finishLater(this.prefix, error));
      return undefined;
    }
  }

  get #keep(): number {
    return this.#options.keepSnapshots ?? KEPT_SNAPSHOTS;
  }

  async #end(dispose: () => void): Promise<void> {
    if (this.#done) return;
    this.#done = true;
    await this.#settling;
    dispose();
    if (this.#madeMountPoint && isNothing(this.prefix)) rmdirSync(this.prefix);
    this.#release();
  }

  #canMount(): boolean {
    if (this.#mounts === undefined) {
      this.#madeMountPoint = !existsSync(this.prefix);
      mkdirSync(this.prefix, { recursive: true });
      this.#mounts = canMount(this);
    }
    return this.#mounts;
  }
}
