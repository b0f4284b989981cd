import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  composeChanges,
  type Generation,
  originOf,
  type PackageChange,
  reversed,
} from "./generation.ts";
import { type Journal, type KeptPrefix, readJournal } from "./journal.ts";
import { unrecorded } from "./live.ts";
import { readMarker } from "./marker.ts";
import { generationMissing } from "./messages.ts";

export interface ListedGeneration extends Generation {
  /** `kept`: its files are there to go back to; `gone`: only what is told of it here. */
  readonly state: "live" | "kept" | "gone";
  /** Where its files are. */
  readonly directory?: string;
  /** What was done by hand is given its number by the next change. */
  readonly unrecorded?: true;
}

/** Everything that an environment has been, the oldest first. Takes no lock and changes nothing. */
export function listGenerations(kept: KeptPrefix): ListedGeneration[] {
  const journal = currentJournal(kept);
  const last = journal.generations.at(-1);
  const listed = journal.generations.map(({ snapshot, ...generation }): ListedGeneration => {
    if (generation.id === last?.id) return { ...generation, state: "live", directory: kept.prefix };
    const directory = snapshot === undefined ? undefined : join(kept.snapshotsDir, snapshot);
    if (directory === undefined || !existsSync(directory)) return { ...generation, state: "gone" };
    return { ...generation, state: "kept", directory };
  });
  const made = unrecorded(kept, journal);
  if (made === undefined) return listed;
  const { inventory: _, ...rest } = made;
  const number = (listed.at(-1)?.number ?? 0) + 1;
  const live: ListedGeneration = {
    ...rest,
    number,
    id: "",
    state: "live",
    directory: kept.prefix,
    unrecorded: true,
  };
  return [...listed.map(withoutFiles), live];
}

/** An exchange after which a run was killed counts as made. */
function currentJournal(kept: KeptPrefix): Journal {
  const { pending, ...journal } = readJournal(kept);
  const isLive = readMarker(kept.prefix)?.generation.id === pending?.generation.id;
  if (pending === undefined || !isLive) return journal;
  return { ...journal, generations: [...journal.generations, pending.generation] };
}

/** What was live was changed in place. */
function withoutFiles(generation: ListedGeneration): ListedGeneration {
  if (generation.state !== "live") return generation;
  const { directory: _, ...rest } = generation;
  return { ...rest, state: "gone" };
}

/** What is other in generation `to` than in `from`. */
export function diffGenerations(kept: KeptPrefix, from: number, to: number): PackageChange[] {
  const generations = listGenerations(kept);
  for (const number of [from, to]) findGeneration(kept.prefix, generations, number);
  const [first, last] = [Math.min(from, to), Math.max(from, to)];
  const steps = generations
    .filter(({ number }) => number > first && number <= last)
    .map(({ changes }) => changes);
  const changes = composeChanges(steps);
  return from <= to ? changes : changes.map(reversed);
}

/** Throws where there is none of that number. */
export function findGeneration(
  prefix: string,
  generations: readonly ListedGeneration[],
  number: number,
): ListedGeneration {
  const found = generations.find((one) => one.number === number);
  if (found === undefined) throw generationMissing(prefix, number, generations.at(-1)?.number ?? 0);
  return found;
}

/**
 * The one that a rollback without a number goes to: the latest that is kept before the state that is
 * live, so that one rollback after another goes further back. Pure.
 */
export function generationBefore(
  generations: readonly ListedGeneration[],
): ListedGeneration | undefined {
  const live = generations.at(-1);
  if (live === undefined) return undefined;
  const origin = originOf(live.number, generations);
  return generations.findLast(({ number, state }) => state === "kept" && number < origin);
}
