import {
  type Contribution,
  type Contributions,
  type ListName,
  listNames,
} from "../contributions.ts";
import { type Contributor, contributors, type Ledger } from "../ledger/ledger.ts";
import type { LoadedPlugin } from "../load.ts";
import type { PluginWrites } from "./config.ts";
import { withKept } from "./order.ts";

/** Plugins that have answered, and others of which the ledger tells what they contribute. */
export interface Parts {
  readonly found: readonly LoadedPlugin[];
  readonly kept: readonly Contributor[];
  readonly ledger: Ledger;
  readonly lists: Contributions;
  readonly writes: readonly PluginWrites[];
}

/** What those that have answered want, and what the others wanted before, in the places they had. */
export function uniteLists(parts: Parts): Contributions {
  const united = listNames.map((list) => [list, uniteList(parts, list)]);
  return Object.fromEntries(united) as Contributions;
}

function uniteList(parts: Parts, list: ListName): Contribution[] {
  const names = new Set(parts.found.map(({ name }) => name));
  const answered = parts.lists[list].filter(({ plugin }) => names.has(plugin));
  const kept = parts.kept.flatMap(({ name, [list]: values }) =>
    values.map((value) => ({ value, plugin: name })),
  );
  const order = inOrder(
    parts,
    answered.map(({ plugin }) => plugin),
  );
  const all = [...answered, ...kept];
  return order.flatMap((name) => all.filter(({ plugin }) => plugin === name));
}

/** Each with all that it contributes now. */
export function uniteContributors(parts: Parts): readonly Contributor[] {
  const { found, kept, lists, writes } = parts;
  const config = (name: string) => writes.find(({ plugin }) => plugin === name)?.writes ?? [];
  const listsOf = (name: string) =>
    Object.fromEntries(
      listNames.map((list) => [list, lists[list].filter(isOf(name)).map(({ value }) => value)]),
    ) as Record<ListName, string[]>;
  const all = new Map<string, Contributor>([
    ...kept.map((one): [string, Contributor] => [one.name, { ...one, config: config(one.name) }]),
    ...found.map(({ name, language, version, source }): [string, Contributor] => [
      name,
      { name, language, version, source, ...listsOf(name), config: config(name) },
    ]),
  ]);
  const order = inOrder(
    parts,
    found.map(({ name }) => name),
  );
  return order.flatMap((name) => all.get(name) ?? []);
}

const isOf =
  (name: string) =>
  ({ plugin }: Contribution) =>
    plugin === name;

function inOrder({ kept, ledger }: Parts, answered: readonly string[]): string[] {
  const earlier = contributors(ledger).map(({ name }) => name);
  return withKept(
    answered,
    kept.map(({ name }) => name),
    earlier,
  );
}
