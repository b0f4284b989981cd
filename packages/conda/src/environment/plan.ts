import { hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { CondaError } from "../errors.ts";
import { readHistory } from "../prefix/history.ts";
import { META, readPrefixRecords } from "../prefix/records.ts";
import { planTransaction, type Transaction } from "../transaction/transaction.ts";
import type { PrefixRecord, RepodataRecord } from "../types.ts";
import type { EnvironmentOptions, PackageSource } from "./options.ts";
import { type EnvironmentRequest, environmentRequest, pinnedSpecs } from "./request.ts";
import { isPlainlySatisfied } from "./satisfied.ts";

export interface EnvironmentPlan {
  readonly installed: readonly PrefixRecord[];
  readonly request: EnvironmentRequest;
  readonly transaction: Transaction;
  /** Tells what was asked for and what it was asked of; the same as long as the plan holds. */
  readonly basis: string;
}

/** What would be done to bring an environment to what is asked for. Changes nothing. */
export async function planWith(
  source: PackageSource,
  options: EnvironmentOptions,
): Promise<EnvironmentPlan> {
  const basis = planBasis(options);
  const installed = readPrefixRecords(options.prefix);
  const request = environmentRequest({
    installed,
    history: readHistory(options.prefix),
    specs: options.specs,
    remove: options.remove ?? [],
    release: options.release ?? [],
    prune: options.prune ?? false,
  });
  const wanted = await wantedRecords(source, options, installed, request);
  const transaction = planTransaction(installed, wanted, request.specs);
  return { installed, request, transaction, basis };
}

function wantedRecords(
  source: PackageSource,
  options: EnvironmentOptions,
  installed: readonly PrefixRecord[],
  request: EnvironmentRequest,
): Promise<readonly RepodataRecord[]> {
  if (options.exact) return source.solve({ specs: [], installed }, options);
  if (!request.isMet || options.upgrade) return solveRequest(source, options, installed, request);
  return Promise.resolve(installed.filter((record) => !request.unneeded.has(record.name)));
}

/** The plan that was made, where it still holds; another otherwise. */
export async function currentPlan(
  source: PackageSource,
  options: EnvironmentOptions,
  plan: EnvironmentPlan | undefined,
): Promise<EnvironmentPlan> {
  return plan?.basis === planBasis(options) ? plan : planWith(source, options);
}

/** Every change to an environment, ours or conda's, writes below `conda-meta`. */
function planBasis(options: EnvironmentOptions): string {
  const { prefix, channels, specs, remove, release, platform, virtualPackages } = options;
  const { upgrade, exact, prune } = options;
  const how = { platform, virtualPackages, upgrade, exact, prune };
  const asked = { prefix, channels, specs, remove, release, ...how };
  const meta = join(prefix, META);
  const files = existsSync(meta) ? readdirSync(meta).sort() : [];
  const found = files.map((name) => {
    const status = statSync(join(meta, name), { throwIfNoEntry: false });
    return [name, status?.ino, status?.size, status?.mtimeMs];
  });
  return hash("sha256", JSON.stringify({ asked, found }));
}

async function solveRequest(
  source: PackageSource,
  options: EnvironmentOptions,
  installed: readonly PrefixRecord[],
  request: EnvironmentRequest,
): Promise<readonly RepodataRecord[]> {
  const pinned = readPinned(options.prefix);
  const isGoing = (name: string) => request.removed.has(name) || request.unneeded.has(name);
  const kept = installed.filter((record) => !isGoing(record.name));
  const solve = (orphans: readonly string[]): Promise<readonly RepodataRecord[]> =>
    solveWithPins([...request.specs.keys(), ...orphans], pinned, (pins) => {
      const specs = [...request.specs.values(), ...orphans, ...pins];
      // The solver has nothing to say where nothing is asked for.
      if (specs.length === 0) return Promise.resolve([]);
      const asking = whoAsks(request, pins, options);
      const stays = options.upgrade === true ? [] : kept;
      return source.solve({ specs, asking, installed: stays }, options);
    });
  try {
    return await solve(request.orphans);
  } catch (error) {
    // What nobody asked for must not stand in the way of what somebody does ask for.
    if (request.orphans.length === 0 || !isUnsolvable(error)) throw error;
    return solve([]);
  }
}

/** A pin counts for what is asked for, and for whatever else turns out to be needed. */
async function solveWithPins(
  asked: readonly string[],
  pinned: string,
  solve: (pins: readonly string[]) => Promise<readonly RepodataRecord[]>,
): Promise<readonly RepodataRecord[]> {
  const names = new Set(asked);
  for (;;) {
    const solution = await solve(pinnedSpecs(pinned, names));
    const strays = solution.filter((record) => {
      const pins = names.has(record.name) ? [] : pinnedSpecs(pinned, new Set([record.name]));
      return pins.some((pin) => !isPlainlySatisfied(pin, record));
    });
    if (strays.length === 0) return solution;
    for (const { name } of strays) names.add(name);
  }
}

/** Who is behind each spec: whom a package is for, a pin, or what was asked for earlier. */
function whoAsks(
  { specs }: EnvironmentRequest,
  pins: readonly string[],
  { specs: now, reasons = {} }: EnvironmentOptions,
): Record<string, string> {
  const asked = [...specs].flatMap(([name, spec]) => {
    const who = now.includes(spec) ? reasons[name] : `${META}/history`;
    return who === undefined ? [] : [[spec, who] as const];
  });
  return Object.fromEntries([...asked, ...pins.map((pin) => [pin, `${META}/pinned`] as const)]);
}

function isUnsolvable(error: unknown): boolean {
  return error instanceof CondaError && error.code === "CONDA_UNSOLVABLE";
}

function readPinned(prefix: string): string {
  try {
    return readFileSync(join(prefix, META, "pinned"), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
