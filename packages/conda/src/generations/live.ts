import { randomBytes } from "node:crypto";
import type { CondaEventSink } from "../events.ts";
import type { PrefixRecord } from "../types.ts";
import { findByHand, type HandMade } from "./by-hand.ts";
import { composeChanges, type Generation, type NewGeneration, reversed } from "./generation.ts";
import { compareInventories, type Inventory, readInventory } from "./inventory.ts";
import { type Journal, type KeptPrefix, readJournal, writeJournal } from "./journal.ts";
import { readMarker, writeMarker } from "./marker.ts";
import { changedByHand } from "./messages.ts";

/** What the live environment is beyond what the journal knows of it. Changes nothing. */
export function unrecorded(
  { prefix }: KeptPrefix,
  { generations }: Journal,
  records?: readonly PrefixRecord[],
): HandMade | undefined {
  const found = findByHand(prefix, records);
  const marker = readMarker(prefix);
  const known = generations.find(({ id }) => id === marker?.generation.id);
  if (marker === undefined || known === undefined || known === generations.at(-1)) return found;
  return putBack(known, marker.inventory, generations, found);
}

/** Somebody moved an earlier generation into its place. */
function putBack(
  known: Generation,
  inventory: Inventory,
  generations: readonly Generation[],
  found: HandMade | undefined,
): HandMade {
  const since = generations.filter(({ number }) => number > known.number).toReversed();
  const back = since.map(({ changes }) => changes.map(reversed));
  return {
    at: new Date().toISOString(),
    inventory,
    ...found,
    kind: "by-hand",
    rolledBackTo: known.number,
    changes: composeChanges([...back, found?.changes ?? []]),
  };
}

/** Has the journal's last entry describe what is live; tells what was done by hand. Needs the lock. */
export function recordLive(
  kept: KeptPrefix,
  records?: readonly PrefixRecord[],
  onEvent?: CondaEventSink,
): void {
  const journal = withMarked(kept);
  const made = unrecorded(kept, journal, records);
  if (made === undefined) return;
  const { inventory, ...rest } = made;
  const generation = { ...rest, ...nextPlace(journal) };
  writeMarker(kept.prefix, { version: 1, generation, inventory });
  writeJournal(kept, { ...journal, generations: [...journal.generations, generation] });
  if (made.kind === "by-hand") onEvent?.(changedByHand(kept.prefix, generation));
}

/** The journal, with an entry for what the live environment says that it is. */
function withMarked(kept: KeptPrefix): Journal {
  const journal = readJournal(kept);
  const marker = readMarker(kept.prefix);
  const isKnown = journal.generations.some(({ id }) => id === marker?.generation.id);
  if (marker === undefined || isKnown) return journal;
  const generation = withPlace(marker.generation, journal);
  writeMarker(kept.prefix, { ...marker, generation });
  const extended = { ...journal, generations: [...journal.generations, generation] };
  writeJournal(kept, extended);
  return extended;
}

/** The journal was lost, and the marker outlived it. */
function withPlace(generation: Generation, journal: Journal): Generation {
  const { number } = nextPlace(journal);
  return generation.number >= number ? generation : { ...generation, number };
}

function nextPlace({ generations }: Journal): { readonly number: number; readonly id: string } {
  const number = (generations.at(-1)?.number ?? 0) + 1;
  return { number, id: randomBytes(8).toString("hex") };
}

/** A generation that goes live now. */
export function nextGeneration(change: NewGeneration, journal: Journal): Generation {
  const { inventory: _, ...rest } = change;
  return { ...rest, ...nextPlace(journal), at: new Date().toISOString() };
}

/** What changed from the live environment to a copy of it, by package. */
export function changesIn(
  directory: string,
  prefix: string,
  records: readonly PrefixRecord[],
  reasons: Readonly<Record<string, string>>,
): Pick<NewGeneration, "changes" | "inventory"> {
  const inventory = readInventory(directory, records);
  const before = readMarker(prefix)?.inventory ?? { conda: {}, pip: {} };
  return { changes: compareInventories(before, inventory, reasons), inventory };
}
