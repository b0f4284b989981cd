import { type EnvironmentPlan, specName, type Transaction } from "@tljh/conda";
import { type Distribution, normalName } from "../install/distributions.ts";
import type { PipEntry } from "../install/pip.ts";
import type { Brought } from "../install/pip-brought.ts";
import type { PythonChanges } from "../install/python-plugins/index.ts";
import { publicSpec } from "../plugins/index.ts";
import type { Difference } from "./resource.ts";

/** A conda match spec and who asks for it. */
export interface CondaEntry {
  readonly value: string;
  readonly because: string;
}

/** What nobody asks for any more, with who did: empty where that is not known. */
export type Former = ReadonlyMap<string, string>;

export interface PipChange {
  readonly missing: readonly PipEntry[];
  readonly dropped: Former;
  /** The distributions that go with what is dropped, by their normalised names. */
  readonly going: readonly string[];
  readonly installed: ReadonlyMap<string, Distribution>;
  readonly brought: Brought;
}

/** What conda is to do, and who is behind it. `released` holds names. */
export function condaDifferences(
  { transaction }: EnvironmentPlan,
  wanted: readonly CondaEntry[],
  released: Former,
): readonly Difference[] {
  const reasons = reasonsByName(wanted);
  const { operations, kept } = transaction;
  const staying = kept.filter(({ name }) => released.has(name));
  return [
    ...operations.map((operation) => {
      const { name } = operation.kind === "remove" ? operation.from : operation.to;
      return {
        ...operationDifference(operation),
        ...because(reasons.get(name)),
        ...formerly(operation.kind === "remove" ? released.get(name) : undefined),
      };
    }),
    ...staying.map(({ name, version }) => ({
      action: "change" as const,
      what: `${name} ${version} stays, for others need it`,
      ...formerly(released.get(name)),
    })),
  ];
}

/** Plugins in Python that are to come, and what goes with those that nobody asks for any more. */
export function pluginDifferences(changes: PythonChanges): readonly Difference[] {
  const { missing, unwanted, going } = changes;
  const gone = new Set(going.map(({ name }) => normalName(name)));
  const staying = unwanted.filter((one) => !gone.has(normalName(one.package)));
  return [
    ...going.map(({ name, version }) => ({
      action: "remove" as const,
      what: `${name} ${version} (pip)`,
    })),
    ...staying.map(({ spec }) => ({
      action: "change" as const,
      what: `${spec} (pip) is asked for no longer; its package stays`,
    })),
    ...missing.map(({ request }) => ({
      action: "add" as const,
      what: `${publicSpec(request.spec)} (pip)`,
      because: "--plugin",
    })),
  ];
}

/** What pip is to do, and who is behind it. */
export function pipDifferences(change: PipChange): readonly Difference[] {
  const { missing, dropped, going } = change;
  return [
    ...missing.map(({ value, because: plugin }) => ({
      action: "add" as const,
      what: `${value} (pip)`,
      ...because(plugin),
    })),
    ...going.map((name) => goingDifference(name, change)),
    ...[...dropped].flatMap(([entry, plugin]) => stayingDifference(entry, plugin, change)),
  ];
}

function goingDifference(name: string, { dropped, installed, brought }: PipChange): Difference {
  const distribution = installed.get(name);
  const plugins = (brought[name]?.entries ?? []).flatMap((entry) => dropped.get(entry) || []);
  const what = `${distribution?.name ?? name} ${distribution?.version ?? ""} (pip)`;
  return { action: "remove", what, ...formerly([...new Set(plugins)].join(", ")) };
}

/** A dropped entry with which nothing goes is told all the same: pip's options, and what has to stay. */
function stayingDifference(
  entry: string,
  plugin: string,
  change: PipChange,
): readonly Difference[] {
  const { going, brought } = change;
  if (going.some((name) => brought[name]?.entries.includes(entry))) return [];
  const isOption = entry.startsWith("-");
  const what = isOption
    ? `${entry} (pip)`
    : `${entry} (pip) stays, for it is not only the plugin's`;
  return [{ action: isOption ? "remove" : "change", what, ...formerly(plugin) }];
}

const because = (plugin: string | undefined) => (plugin ? { because: plugin } : {});
const formerly = (plugin: string | undefined) => (plugin ? { formerly: plugin } : {});

/** Two plugins may ask for one package in different words. */
export function reasonsByName(entries: readonly CondaEntry[]): ReadonlyMap<string, string> {
  const reasons = new Map<string, Set<string>>();
  for (const { value, because } of entries) {
    const name = specName(value);
    reasons.set(name, (reasons.get(name) ?? new Set()).add(because));
  }
  return new Map([...reasons].map(([name, plugins]) => [name, [...plugins].join(", ")]));
}

type Operation = Transaction["operations"][number];
type Change = Extract<Operation, { readonly kind: "change" }>;

function operationDifference(operation: Operation): Difference {
  switch (operation.kind) {
    case "install":
      return { action: "add", what: `${operation.to.name} ${operation.to.version}` };
    case "change":
      return { action: "change", what: `${operation.to.name} ${versionChange(operation)}` };
    case "reinstall":
      return {
        action: "change",
        what: `${operation.to.name} ${operation.to.version} linked again`,
      };
    case "remove":
      return { action: "remove", what: `${operation.from.name} ${operation.from.version}` };
  }
}

/** Versions, or builds where only these differ. */
function versionChange({ from, to }: Change): string {
  return from.version === to.version
    ? `${from.version} ${from.build} → ${to.build}`
    : `${from.version} → ${to.version}`;
}
