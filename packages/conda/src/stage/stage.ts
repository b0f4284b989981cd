import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { exchangeFailed } from "../prefix/errors.ts";
import type { PrefixRecord } from "../types.ts";
import { cloneTree } from "./clone.ts";
import { editedFiles } from "./edited.ts";
import { exchange, flush, isNothing, recoverPrefix, stagedStart } from "./exchange.ts";
import { lockPrefix, type PrefixLock } from "./lock.ts";
import {
  canMount,
  type RunOptions,
  type RunResult,
  runInPlace,
  type SpawnInPlace,
  spawnInPlace,
} from "./run.ts";
import { keepSnapshot } from "./snapshots.ts";

export interface StageOptions {
  readonly prefix: string;
  /** What is installed; decides which files the two trees may share. */
  readonly installed: readonly PrefixRecord[];
  readonly snapshotsDir: string;
  /** Snapshots kept, this one included. One unless told. */
  readonly keepSnapshots?: number;
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
  commit(): Promise<{ readonly snapshot: string | undefined }>;
  discard(): Promise<void>;
}

/** The package cache of a conda in the environment: moved, not cloned, for it can be huge. */
const CARRIED = ["pkgs"];

export async function stagePrefix(options: StageOptions): Promise<StagedPrefix> {
  const lock = options.lock ?? lockPrefix(options.prefix);
  const release = (): void => (options.lock === undefined ? lock.release() : undefined);
  try {
    recoverPrefix(options.prefix);
    return new Staged(options, makeDirectory(options), release);
  } catch (error) {
    recoverPrefix(options.prefix);
    release();
    throw error;
  }
}

function makeDirectory({ prefix, installed }: StageOptions): string {
  const name = stagedStart(prefix) + randomBytes(4).toString("hex");
  const directory = join(dirname(prefix), name);
  if (isNothing(prefix)) mkdirSync(directory);
  else {
    const without = new Set(CARRIED);
    cloneTree(prefix, directory, { without, isEdited: editedFiles(installed) });
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
    this.#settling = flush(this.directory).catch(() => {});
  }

  async commit(): Promise<{ snapshot: string | undefined }> {
    try {
      await this.#settling;
      await flush(this.directory);
      exchange(this.directory, this.prefix);
    } catch (error) {
      throw exchangeFailed(this.prefix, error);
    }
    this.#done = true;
    try {
      return { snapshot: this.#isNew ? undefined : this.#keepPrevious() };
    } finally {
      this.#release();
    }
  }

  async discard(): Promise<void> {
    if (this.#done) return;
    this.#done = true;
    await this.#settling;
    rmSync(this.directory, { recursive: true, force: true });
    if (this.#madeMountPoint && isNothing(this.prefix)) rmdirSync(this.prefix);
    this.#release();
  }

  #keepPrevious(): string | undefined {
    for (const name of CARRIED) {
      const from = join(this.directory, name);
      const to = join(this.prefix, name);
      if (existsSync(from) && !existsSync(to)) renameSync(from, to);
    }
    const { snapshotsDir, keepSnapshots = 1 } = this.#options;
    return keepSnapshot(this.directory, this.prefix, snapshotsDir, keepSnapshots);
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
