import { isDeepStrictEqual } from "node:util";
import { type Contribution, contributors, type Ledger, type ListName } from "../plugins/index.ts";

/** `tljh-simple, tljh-climate`: everybody who wants a thing, by the thing. */
export function wantedBy(contributions: readonly Contribution[]): ReadonlyMap<string, string> {
  const wanted = new Map<string, string[]>();
  for (const { value, plugin } of contributions)
    wanted.set(value, [...(wanted.get(value) ?? []), plugin]);
  return new Map([...wanted].map(([value, plugins]) => [value, plugins.join(", ")]));
}

/** Each thing once, with everybody who wants it. */
export function wantedEntries(
  contributions: readonly Contribution[],
): { readonly value: string; readonly because: string }[] {
  return [...wantedBy(contributions)].map(([value, because]) => ({ value, because }));
}

/** Who contributed what at an earlier time. */
export interface FormerPlugins {
  /** Everything in a list, with the plugins behind it. */
  list(name: ListName): ReadonlyMap<string, string>;
  /** The plugins that wrote a key of the configuration, or what it is part of. */
  config(path: readonly string[]): string | undefined;
}

export function formerPlugins(ledger: Ledger): FormerPlugins {
  const known = contributors(ledger);
  return {
    list: (name) => {
      const all = known.flatMap(({ name: plugin, [name]: values }) =>
        values.map((value) => ({ value, plugin })),
      );
      return wantedBy(all.filter((one, index) => index === all.findIndex(isSame(one))));
    },
    config: (path) => {
      const writers = known.filter(({ config }) =>
        config.some((write) => isAbout(write.path, path)),
      );
      const names = [...new Set(writers.map(({ name }) => name))];
      return names.length === 0 ? undefined : names.join(", ");
    },
  };
}

const isSame = (one: Contribution) => (other: Contribution) =>
  one.value === other.value && one.plugin === other.plugin;

function isAbout(one: readonly string[], other: readonly string[]): boolean {
  const shorter = Math.min(one.length, other.length);
  return isDeepStrictEqual(one.slice(0, shorter), other.slice(0, shorter));
}
