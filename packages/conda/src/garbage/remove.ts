import { randomBytes } from "node:crypto";
import { existsSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { journalFile, type KeptPrefix, snapshotNames } from "../generations/journal.ts";
import { stagedStart } from "../stage/exchange.ts";
import { failedDirectories, recoverPrefix } from "../stage/keep.ts";
import { lockPrefix } from "../stage/lock.ts";

/**
 * Takes an environment away with all it has been, and says which folders those are. It is out of use in one
 * step; what a kill leaves of it is a leftover, which the next change of that name clears away.
 */
export function removeEnvironment(
  kept: KeptPrefix,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): string[] {
  const { prefix, snapshotsDir } = kept;
  using _lock = lockPrefix(prefix);
  if (!dryRun) recoverPrefix(kept);
  const earlier = snapshotNames(prefix, snapshotsDir).map((name) => join(snapshotsDir, name));
  const failed = failedDirectories(prefix).map((path) => path);
  const going = [prefix, ...earlier, ...failed].filter((path) => existsSync(path));
  if (dryRun) return going;
  const aside = join(dirname(prefix), stagedStart(prefix) + randomBytes(4).toString("hex"));
  renameSync(prefix, aside);
  rmSync(journalFile(kept), { force: true });
  for (const path of [aside, ...earlier, ...failed]) rmSync(path, { recursive: true, force: true });
  return going;
}
