import type { Inventory } from "./inventory.ts";

/** Who keeps a package: what conda does not know of is pip's. */
export type PackageManager = "conda" | "pip";

/** One package that is other than before: `from` is absent where it is new, `to` where it is gone. */
export interface PackageChange {
  readonly manager: PackageManager;
  readonly name: string;
  /** A version; of conda's packages, with the build behind a space. */
  readonly from?: string;
  readonly to?: string;
  /** Who asked for it, where somebody did. */
  readonly because?: string;
}

/**
 * `found` was there before generations were kept; `by-hand` is what conda, pip or an editor changed
 * in the live environment since the generation before.
 */
export type GenerationKind = "found" | "change" | "by-hand" | "rollback" | "repair";

export interface Author {
  readonly uid: number;
  readonly name?: string;
}

/** One state of an environment, and how it came to be. */
export interface Generation {
  /** 1, 2, 3, … and never used twice. */
  readonly number: number;
  readonly id: string;
  readonly kind: GenerationKind;
  /** When it went live, in ISO 8601; of what was done by hand, the latest trace of it. */
  readonly at: string;
  readonly by?: Author;
  readonly command?: string;
  /** Of a rollback: the generation that it is like. */
  readonly rolledBackTo?: number;
  readonly changes: readonly PackageChange[];
  /** Files that belong to no package and were written by hand. */
  readonly files?: ChangedFiles;
}

export interface ChangedFiles {
  readonly count: number;
  /** Some of them, below the prefix. */
  readonly some: readonly string[];
}

/** A generation before it has a place among the others. */
export type NewGeneration = Omit<Generation, "number" | "id" | "at"> & {
  readonly inventory: Inventory;
};

/** What several changes, one after another, come to. Pure. */
export function composeChanges(steps: readonly (readonly PackageChange[])[]): PackageChange[] {
  const all = new Map<string, PackageChange>();
  for (const change of steps.flat()) {
    const key = `${change.manager} ${change.name}`;
    const first = all.get(key);
    all.set(key, first === undefined ? change : joined(first, change));
  }
  return [...all.values()].filter((change) => change.from !== change.to).sort(byName);
}

function joined(first: PackageChange, last: PackageChange): PackageChange {
  const { manager, name, because } = last;
  return {
    manager,
    name,
    ...(first.from !== undefined && { from: first.from }),
    ...(last.to !== undefined && { to: last.to }),
    ...(because !== undefined && { because }),
  };
}

/** The same change, taken back. */
export function reversed({ manager, name, from, to }: PackageChange): PackageChange {
  return {
    manager,
    name,
    ...(to !== undefined && { from: to }),
    ...(from !== undefined && { to: from }),
  };
}

export function byName(a: PackageChange, b: PackageChange): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.manager < b.manager ? -1 : a.manager > b.manager ? 1 : 0;
}

/** The generation whose files one is like: that of a rollback is where it went back to. Pure. */
export function originOf(number: number, generations: readonly Generation[]): number {
  const generation = generations.find((one) => one.number === number);
  const back = generation?.rolledBackTo;
  return back === undefined || back >= number ? number : originOf(back, generations);
}

/** Whoever started this program, through `sudo` or not. */
export function currentAuthor(environment: NodeJS.ProcessEnv = process.env): Author {
  const { SUDO_UID, SUDO_USER, USER } = environment;
  const uid = SUDO_UID !== undefined && /^\d+$/.test(SUDO_UID) ? Number(SUDO_UID) : undefined;
  const name = SUDO_USER ?? USER;
  return { uid: uid ?? process.getuid?.() ?? 0, ...(name !== undefined && { name }) };
}
