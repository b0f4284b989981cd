import {
  aptName,
  installAptPackages,
  installedAptPackages,
  removeAptPackages,
  simulateAptRemoval,
} from "../system/apt.ts";
import { formerPlugins, wantedBy } from "./contributed.ts";
import { neededPrograms } from "./prerequisites.ts";
import { type Difference, resource, type ServerContext } from "./resource.ts";

/** Debian packages, with the plugins that want them. */
type Packages = ReadonlyMap<string, string>;

const onLine =
  ({ emit }: ServerContext) =>
  (line: string) =>
    emit({ type: "output", command: "apt-get", line });

export const aptPackages = resource<Packages>({
  id: "apt-packages",
  title: "Debian packages of plugins",
  async read(context) {
    const wanted = wantedBy((await context.contributions()).contributions.aptPackages);
    const installed = await installedAptPackages([...wanted.keys()]);
    return new Map([...wanted].filter(([name]) => !installed.has(name)));
  },
  compare: (missing) => [...missing].map(([what, because]) => ({ action: "add", what, because })),
  async change(missing, context) {
    const names = [...new Set([...missing.keys()].map(aptName))];
    const before = await installedAptPackages(names);
    await installAptPackages([...missing.keys()], onLine(context));
    const fresh = names.filter((name) => !before.has(name));
    return fresh.length === 0 ? undefined : () => removeAptPackages(fresh, onLine(context));
  },
});

interface Leftovers {
  readonly going: Packages;
  /** Those with which others would go, and these. */
  readonly staying: ReadonlyMap<string, readonly string[]>;
}

/**
 * Debian packages that were installed for plugins which want them no longer. Last of all, when nothing can
 * fail any more. One that another package has come to need is left to the admin.
 */
export const aptLeftovers = resource<Leftovers>({
  id: "apt-leftovers",
  title: "Debian packages that plugins wanted",
  async read(context) {
    const { ledger, contributions } = await context.contributions();
    const programs = neededPrograms(context.wanted.plugins).map(({ debian }) => debian);
    const wanted = [...programs, ...contributions.aptPackages.map(({ value }) => aptName(value))];
    const unwanted = ledger.debian.filter((name) => !wanted.includes(name));
    const names = [...(await installedAptPackages(unwanted))];
    return leftovers(names, await blockers(names), formerPlugins(ledger).list("aptPackages"));
  },
  compare: ({ going, staying }) => [
    ...[...going].map(([what, formerly]): Difference => ({ action: "remove", what, formerly })),
    ...[...staying].map(
      ([name, others]): Difference => ({
        action: "change",
        what: `${name} stays: apt would take out ${others.join(" ")} too`,
      }),
    ),
  ],
  async change({ going }, context) {
    const names = [...going.keys()];
    if (names.length > 0) await removeAptPackages(names, onLine(context));
  },
});

function leftovers(
  names: readonly string[],
  blocked: ReadonlyMap<string, readonly string[]>,
  wanted: Packages,
): Leftovers {
  const former = new Map([...wanted].map(([spec, plugins]) => [aptName(spec), plugins]));
  const going = names.filter((name) => !blocked.has(name));
  return { going: new Map(going.map((name) => [name, former.get(name) ?? ""])), staying: blocked };
}

/** By each name that apt would take out together with others: those others. */
async function blockers(names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const others = async (asked: readonly string[]) =>
    asked.length === 0
      ? []
      : (await simulateAptRemoval(asked)).filter((name) => !names.includes(name));
  const blocked = new Map<string, readonly string[]>();
  if ((await others(names)).length === 0) return blocked;
  for (const name of names) {
    const found = await others([name]);
    if (found.length > 0) blocked.set(name, found);
  }
  return blocked;
}
