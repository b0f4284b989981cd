import type { CondaEvent } from "../events.ts";
import { readPrefixRecords } from "../prefix/records.ts";
import { isNothing } from "../stage/exchange.ts";
import type { PrefixLock } from "../stage/lock.ts";
import { type StagedPrefix, stagePrefix } from "../stage/stage.ts";
import { timed } from "./events.ts";
import type { ChangeOptions } from "./options.ts";

/**
 * Copies an environment that will hardly stay as it is while the solver, in a thread of its own, is at work:
 * it is asked only where what is installed does not do.
 */
export class EarlyStage {
  readonly #options: ChangeOptions;
  readonly #lock: PrefixLock;
  #staged: Promise<StagedPrefix> | undefined;

  constructor(options: ChangeOptions, lock: PrefixLock) {
    this.#options = options;
    this.#lock = lock;
  }

  /** The options for a plan: when its solver has begun to read, the copy is made. */
  get planning(): ChangeOptions {
    const onEvent = (event: CondaEvent): void => {
      this.#options.onEvent?.(event);
      if (event.type === "phase.start" && event.phase === "repodata") this.#begin();
    };
    return { ...this.#options, onEvent };
  }

  staged(): Promise<StagedPrefix> {
    this.#staged ??= this.#stage();
    return this.#staged;
  }

  /** What was copied is removed, unless it was committed. */
  async discard(): Promise<void> {
    const staged = await this.#staged?.catch(() => undefined);
    await staged?.discard();
  }

  #begin(): void {
    if (isNothing(this.#options.prefix)) return;
    // What fails is told to whoever asks for the copy.
    this.staged().catch(() => {});
  }

  #stage(): Promise<StagedPrefix> {
    const installed = readPrefixRecords(this.#options.prefix);
    return timed("stage", this.#options.onEvent, () =>
      stagePrefix({ ...this.#options, installed, lock: this.#lock }),
    );
  }
}
