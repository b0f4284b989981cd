import { normalName, pipDistributions } from "../prefix/pip.ts";
import type { PrefixRecord } from "../types.ts";
import { byName, type PackageChange, type PackageManager } from "./generation.ts";

/** Which packages an environment holds: by name, the version (and conda's build behind a space). */
export interface Inventory {
  readonly conda: Readonly<Record<string, string>>;
  readonly pip: Readonly<Record<string, string>>;
}

/** What conda's records and pip's folders say; `directory` is where the environment is now. */
export function readInventory(directory: string, records: readonly PrefixRecord[]): Inventory {
  const conda: Record<string, string> = {};
  for (const { name, version, build } of records) conda[name] = `${version} ${build}`;
  const pip: Record<string, string> = {};
  for (const dist of pipDistributions(directory, records)) pip[dist.name] = dist.version;
  return { conda, pip };
}

/** What is other in `after` than in `before`; `reasons` says by name who asked. Pure. */
export function compareInventories(
  before: Inventory,
  after: Inventory,
  reasons: Readonly<Record<string, string>> = {},
): PackageChange[] {
  const askedBy = new Map(Object.entries(reasons).map(([name, who]) => [normalName(name), who]));
  const changes = (["conda", "pip"] as const).flatMap((manager) =>
    managerChanges(manager, before[manager], after[manager], askedBy),
  );
  return changes.sort(byName);
}

function managerChanges(
  manager: PackageManager,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  askedBy: ReadonlyMap<string, string>,
): PackageChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => before[name] !== after[name])
    .map((name) => {
      const [from, to, because] = [before[name], after[name], askedBy.get(normalName(name))];
      return {
        manager,
        name,
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        ...(because !== undefined && { because }),
      };
    });
}
