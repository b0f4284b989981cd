import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DebianPackage } from "./debian/packages.ts";

/** Everything that a channel is made of. */
export interface Lock {
  readonly profile: string;
  /** The hash of the forge's own sources. */
  readonly forge: string;
  readonly debs: readonly {
    readonly name: string;
    readonly version: string;
    readonly sha256: string;
  }[];
}

/** A hash of the forge's sources without their tests. */
export async function hashSources(): Promise<string> {
  const root = import.meta.dirname;
  const names = await readdir(root, { recursive: true });
  const hash = createHash("sha256");
  for (const name of names.sort()) {
    if (!name.endsWith(".ts") || /(\.test|^serve|^cli)\.ts$/.test(name)) continue;
    hash.update(name).update(await readFile(join(root, name)));
  }
  return hash.digest("hex").slice(0, 16);
}

export function makeLock(profile: string, forge: string, debs: readonly DebianPackage[]): Lock {
  const unique = new Map(debs.map((one) => [one.name, one]));
  const sorted = [...unique.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const locked = sorted.map(({ name, version, sha256 }) => ({ name, version, sha256 }));
  return { profile, forge, debs: locked };
}

export function lockKey(lock: Lock): string {
  return createHash("sha256").update(JSON.stringify(lock)).digest("hex").slice(0, 12);
}
