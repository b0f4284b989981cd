import { statSync } from "node:fs";
import { join } from "node:path";
import { readHistory } from "../prefix/history.ts";
import { pipDistributions } from "../prefix/pip.ts";
import { META, readPrefixRecords } from "../prefix/records.ts";
import type { PrefixRecord } from "../types.ts";
import type { NewGeneration, PackageChange } from "./generation.ts";
import { compareInventories, type Inventory, readInventory } from "./inventory.ts";
import { type Marker, readMarker } from "./marker.ts";
import { writtenFiles } from "./written-files.ts";

/** What is in the live environment beyond its last generation, and when it came there. */
export type HandMade = NewGeneration & { readonly at: string };

/**
 * Finds what an admin did with conda, mamba, pip or an editor since the last generation; all of it,
 * where no generation was kept before. Changes nothing, and reads no file's content.
 */
export function findByHand(
  prefix: string,
  records: readonly PrefixRecord[] = readPrefixRecords(prefix),
): HandMade | undefined {
  const inventory = readInventory(prefix, records);
  const marker = readMarker(prefix);
  if (marker === undefined) return foundThere(prefix, inventory);
  const changes = compareInventories(marker.inventory, inventory);
  const written = writtenFiles(prefix, records, changes, Date.parse(marker.generation.at));
  if (changes.length === 0 && written.count === 0) return undefined;
  const { latest, ...files } = written;
  const command = changes.length === 0 ? undefined : commandsSince(prefix, marker);
  return {
    kind: "by-hand",
    at: new Date(Math.max(latest, packagesChanged(prefix, records, changes))).toISOString(),
    ...(command !== undefined && { command }),
    changes,
    ...(files.count > 0 && { files }),
    inventory,
  };
}

function foundThere(prefix: string, inventory: Inventory): HandMade | undefined {
  const meta = statSync(join(prefix, META), { throwIfNoEntry: false });
  if (meta === undefined) return undefined;
  return { kind: "found", at: meta.mtime.toISOString(), changes: [], inventory };
}

/** The latest time that conda's or pip's own folders tell of; zero where no package changed. */
function packagesChanged(
  prefix: string,
  records: readonly PrefixRecord[],
  changes: readonly PackageChange[],
): number {
  if (changes.length === 0) return 0;
  const folders = [META, ...pipDistributions(prefix, records).map(({ path }) => path)];
  const times = folders.map((path) => statSync(join(prefix, path), { throwIfNoEntry: false }));
  return Math.max(...times.map((status) => status?.mtimeMs ?? 0));
}

/** The commands that conda and mamba wrote down. */
function commandsSince(prefix: string, marker: Marker): string | undefined {
  // Conda's dates have no parts of a second.
  const since = Math.floor(Date.parse(marker.generation.at) / 1000) * 1000;
  const commands = readHistory(prefix)
    .filter(
      ({ date, added, removed }) => Date.parse(date) >= since && added.length + removed.length > 0,
    )
    .flatMap(({ command }) => command ?? [])
    .filter((command) => command !== marker.generation.command);
  return commands.length === 0 ? undefined : commands.join("; ");
}
