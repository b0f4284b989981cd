import { readFileSync } from "node:fs";
import { join } from "node:path";
import { META } from "../prefix/records.ts";
import { replaceFile } from "../prefix/replace-file.ts";
import type { Generation } from "./generation.ts";
import type { Inventory } from "./inventory.ts";

/**
 * What an environment says of itself, below `conda-meta`, where no tool of conda's reads a file of
 * this name. It changes place with the environment, so that which generation is live is never a guess.
 */
export interface Marker {
  readonly version: 1;
  readonly generation: Generation;
  /** The packages when it went live: what differs from it now was done by hand. */
  readonly inventory: Inventory;
}

export const MARKER = `${META}/generation`;

/** `undefined` where there is none, or none that can be read. */
export function readMarker(directory: string): Marker | undefined {
  try {
    const marker = JSON.parse(readFileSync(join(directory, MARKER), "utf8")) as Partial<Marker>;
    return isMarker(marker) ? marker : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof SyntaxError || code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

function isMarker(value: Partial<Marker> | null): value is Marker {
  const { generation, inventory } = value ?? {};
  return (
    value?.version === 1 &&
    Number.isSafeInteger(generation?.number) &&
    typeof generation?.id === "string" &&
    Array.isArray(generation.changes) &&
    typeof inventory?.conda === "object" &&
    typeof inventory.pip === "object"
  );
}

export function writeMarker(directory: string, marker: Marker): void {
  replaceFile(join(directory, MARKER), `${JSON.stringify(marker)}\n`);
}
