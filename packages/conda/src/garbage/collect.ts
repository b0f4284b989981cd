import { existsSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { withLockedPrefix } from "../environment/locked.ts";
import { directoryNames, type KeptPrefix } from "../generations/journal.ts";
import { listGenerations } from "../generations/list.ts";
import { META } from "../prefix/records.ts";
import {
  failedDirectories,
  forgetOld,
  leftovers,
  oldGenerations,
  recoverPrefix,
} from "../stage/keep.ts";
import { freedBytes } from "./freed.ts";

export interface GarbageOptions {
  /** Every environment that uses the snapshots and the package cache. */
  readonly prefixes: readonly string[];
  readonly snapshotsDir: string;
  readonly cacheDir: string;
  /** Earlier generations of each that are kept. */
  readonly keep: number;
  /** Only tell what would be removed. */
  readonly dryRun?: boolean;
}

export type GarbageKind = "generation" | "failed" | "leftover" | "package" | "download";

export interface GarbageItem {
  readonly kind: GarbageKind;
  readonly path: string;
  /** Of a generation. */
  readonly number?: number;
}

export interface Garbage {
  readonly items: readonly GarbageItem[];
  /** What the disk has more when they are gone: files that others share cost nothing. */
  readonly bytes: number;
}

/**
 * Removes what nothing needs: generations beyond those kept, environments that did not pass their
 * check, what killed runs left, and packages in the cache that are in no environment, live or kept.
 */
export function collectGarbage(options: GarbageOptions): Promise<Garbage> {
  return locked(options.prefixes.toSorted(), async () => {
    const kepts = options.prefixes.map((prefix) => ({
      prefix,
      snapshotsDir: options.snapshotsDir,
    }));
    if (options.dryRun !== true) for (const kept of kepts) recoverPrefix(kept);
    const items = [
      ...kepts.flatMap((kept) => garbageOf(kept, options.keep)),
      ...unneededPackages(options, kepts),
    ];
    const bytes = freedBytes(items.map(({ path }) => path));
    if (options.dryRun !== true) removeAll(items, kepts, options);
    return { items, bytes };
  });
}

/** One lock after another, always in the same order. */
function locked<T>([prefix, ...others]: readonly string[], action: () => Promise<T>): Promise<T> {
  if (prefix === undefined) return action();
  return withLockedPrefix({ prefix }, () => locked(others, action));
}

function garbageOf(kept: KeptPrefix, keep: number): GarbageItem[] {
  const old = oldGenerations(kept, keep).map(({ number, snapshot = "" }): GarbageItem => {
    return { kind: "generation", number, path: join(kept.snapshotsDir, snapshot) };
  });
  const named = (kind: GarbageKind) => (path: string) => ({ kind, path });
  return [
    ...old,
    ...failedDirectories(kept.prefix).map(named("failed")),
    ...leftovers(kept).map(named("leftover")),
  ];
}

const ARCHIVE = /\.(?:conda|tar\.bz2)$/;

function unneededPackages(
  { cacheDir, keep }: GarbageOptions,
  kepts: readonly KeptPrefix[],
): GarbageItem[] {
  const needed = new Set(kepts.flatMap((kept) => neededPackages(kept, keep)));
  return directoryNames(cacheDir).flatMap((name): GarbageItem[] => {
    const path = join(cacheDir, name);
    if (name.endsWith(".partial")) return [{ kind: "download", path }];
    if (ARCHIVE.test(name)) {
      return needed.has(name.replace(ARCHIVE, "")) ? [] : [{ kind: "download", path }];
    }
    const isPackage = !name.startsWith(".") && existsSync(join(path, "info"));
    return isPackage && !needed.has(name) ? [{ kind: "package", path }] : [];
  });
}

/** By the names of conda's records, which are those of the folders in the cache. */
function neededPackages(kept: KeptPrefix, keep: number): string[] {
  const old = new Set(oldGenerations(kept, keep).map(({ number }) => number));
  const directories = listGenerations(kept)
    .filter(({ number }) => !old.has(number))
    .flatMap(({ directory }) => directory ?? []);
  return [kept.prefix, ...directories].flatMap((directory) =>
    directoryNames(join(directory, META))
      .filter((name) => name.endsWith(".json"))
      .map((name) => basename(name, ".json")),
  );
}

function removeAll(
  items: readonly GarbageItem[],
  kepts: readonly KeptPrefix[],
  { keep, cacheDir }: GarbageOptions,
): void {
  for (const kept of kepts) forgetOld(kept, keep);
  for (const { kind, path } of items) {
    if (kind === "generation") continue;
    rmSync(kind === "package" ? outOfTheWay(path, cacheDir) : path, {
      recursive: true,
      force: true,
    });
  }
}

/** Half of a package must not be taken for one; the name is one that the cache clears up. */
function outOfTheWay(path: string, cacheDir: string): string {
  const doomed = join(cacheDir, `.old-${process.pid}-gc-${basename(path)}`);
  renameSync(path, doomed);
  return doomed;
}
