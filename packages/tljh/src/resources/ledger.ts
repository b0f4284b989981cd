import { isDeepStrictEqual } from "node:util";
import {
  type Contributor,
  type Ledger,
  listNames,
  readLedger,
  writeLedger,
} from "../plugins/index.ts";
import { aptName, installedAptPackages } from "../system/apt.ts";
import { type Difference, resource } from "./resource.ts";

interface Found {
  readonly before: Ledger;
  readonly after: Ledger;
}

/**
 * Asks all plugins, before anything that they contribute is touched, and notes what is about to be done: after
 * a run that was killed, the next one knows what may be there.
 */
export const intentions = resource<Found & { readonly contributors: readonly Contributor[] }>({
  id: "contributions",
  title: "Contributions of plugins",
  async read(context) {
    const { contributors, ledger: before, contributions } = await context.contributions();
    const wanted = contributions.aptPackages.map(({ value }) => value);
    const installed = await installedAptPackages(wanted);
    const missing = wanted.filter((spec) => !installed.has(spec)).map(aptName);
    const debian = [...new Set([...before.debian, ...missing])];
    const isKnown = isDeepStrictEqual([...before.pending, before.plugins][0], contributors);
    const pending = isKnown ? before.pending : [contributors, ...before.pending];
    return { before, after: { ...before, pending, debian }, contributors };
  },
  compare({ before, after, contributors }, { paths }) {
    const differences = contributorDifferences(before.plugins, contributors);
    const isNoted = differences.length > 0 || isDeepStrictEqual(before, after);
    return isNoted ? differences : [{ action: "change", what: paths.contributions }];
  },
  async change({ before, after }, { paths }) {
    await writeLedger(paths.contributions, after);
    return () => writeLedger(paths.contributions, before);
  },
});

/** What plugins have contributed, once all of it is there and nothing more is that they wanted before. */
export const ledger = resource<Found>({
  id: "ledger",
  title: "Record of contributions",
  async read(context) {
    const { contributors, contributions } = await context.contributions();
    const before = await readLedger(context.paths.contributions);
    const wanted = new Set(contributions.aptPackages.map(({ value }) => aptName(value)));
    const debian = before.debian.filter((name) => wanted.has(name));
    return { before, after: { version: 1, plugins: contributors, pending: [], debian } };
  },
  compare: ({ before, after }, { paths }) =>
    isDeepStrictEqual(before, after) ? [] : [{ action: "change", what: paths.contributions }],
  async change({ before, after }, { paths }) {
    await writeLedger(paths.contributions, after);
    return () => writeLedger(paths.contributions, before);
  },
});

/** What each plugin newly contributes, contributes otherwise, or contributes no longer. */
function contributorDifferences(
  before: readonly Contributor[],
  after: readonly Contributor[],
): readonly Difference[] {
  const known = new Map(before.map((one) => [one.name, one]));
  const staying = new Set(after.map(({ name }) => name));
  const gone = before.filter(({ name }) => !staying.has(name));
  const changed = after.filter((one) => !isDeepStrictEqual(known.get(one.name), one));
  return [
    ...gone.map((one) => ({ action: "remove" as const, what: described(one) })),
    ...changed.map((one) => ({
      action: known.has(one.name) ? ("change" as const) : ("add" as const),
      what: described(one),
    })),
  ];
}

/** `simple 1.0.0: 3 packages, 1 setting`. */
function described(contributor: Contributor): string {
  const { name, version, config, userCondaChannels } = contributor;
  const entries = listNames.reduce((sum, list) => sum + contributor[list].length, 0);
  const parts = [
    counted(entries - userCondaChannels.length, "package"),
    counted(userCondaChannels.length, "channel"),
    counted(config.length, "setting"),
  ].filter((part) => part !== "");
  return `${name} ${version}: ${parts.join(", ") || "nothing to install"}`;
}

function counted(count: number, noun: string): string {
  if (count === 0) return "";
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
