import type { CondaEventSink } from "../events.ts";
import { currentAuthor, type Generation } from "../generations/generation.ts";
import type { KeptPrefix } from "../generations/journal.ts";
import {
  findGeneration,
  generationBefore,
  type ListedGeneration,
  listGenerations,
} from "../generations/list.ts";
import { changesIn, recordLive } from "../generations/live.ts";
import { generationGone, generationIsLive, nothingToGoBackTo } from "../generations/messages.ts";
import { readPrefixRecords } from "../prefix/records.ts";
import { recoverPrefix } from "../stage/keep.ts";
import type { PrefixLock } from "../stage/lock.ts";
import type { RemoveTree } from "../stage/remove-tree.ts";
import { stagePrefix } from "../stage/stage.ts";
import { timed } from "./events.ts";
import { withLockedPrefix } from "./locked.ts";

export interface RollbackOptions extends KeptPrefix {
  /** The one before the state that is live, unless told. */
  readonly number?: number;
  readonly keepSnapshots?: number;
  readonly removeTree?: RemoveTree;
  readonly command?: string;
  readonly onEvent?: CondaEventSink;
}

/**
 * Makes an environment what it was as an earlier generation, in one step and without a network.
 * The generation stays as it is: its copy goes live, and what was live is kept like any other.
 */
export function rollBack(options: RollbackOptions): Promise<Generation> {
  return withLockedPrefix(options, (lock) => rollBackLocked(options, lock));
}

async function rollBackLocked(options: RollbackOptions, lock: PrefixLock): Promise<Generation> {
  const { prefix, onEvent, command } = options;
  recoverPrefix(options);
  recordLive(options, undefined, onEvent);
  const target = rollbackTarget(prefix, listGenerations(options), options.number);
  const records = readPrefixRecords(target.directory);
  const staged = await timed("stage", onEvent, () =>
    stagePrefix({ ...options, source: target.directory, installed: records, lock }),
  );
  try {
    const change = {
      kind: "rollback" as const,
      by: currentAuthor(),
      ...(command !== undefined && { command }),
      rolledBackTo: target.number,
      ...changesIn(staged.directory, prefix, records, {}),
    };
    const { generation } = await timed("exchange", onEvent, () => staged.commit(change));
    return generation;
  } finally {
    await staged.discard();
  }
}

function rollbackTarget(
  prefix: string,
  generations: readonly ListedGeneration[],
  number: number | undefined,
): ListedGeneration & { readonly directory: string } {
  const target =
    number === undefined
      ? generationBefore(generations)
      : findGeneration(prefix, generations, number);
  if (target === undefined) throw nothingToGoBackTo(prefix);
  if (target.state === "live") throw generationIsLive(prefix, target.number);
  const { directory } = target;
  if (directory === undefined) throw generationGone(prefix, target.number);
  return { ...target, directory };
}
