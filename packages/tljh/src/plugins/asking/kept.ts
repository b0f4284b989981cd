import { type Contributor, contributors, type Ledger } from "../ledger/ledger.ts";
import type { PluginFailure } from "../load.ts";
import type { FailedPlugin } from "./alone.ts";

export interface KeptQuestion {
  readonly ledger: Ledger;
  readonly disabled: readonly string[];
  /** Where the plugins that are on the server, and stay there, came from. */
  readonly staying: ReadonlySet<string>;
}

/**
 * Of the plugins in the ledger those that are not asked, as they are disabled or have failed, but contribute
 * what they did before. Of a state that a killed run was making, only where there was none before.
 */
export function keptContributors(
  { ledger, disabled, staying }: KeptQuestion,
  failures: readonly FailedPlugin[],
  unloaded: readonly PluginFailure[],
): readonly Contributor[] {
  const names = new Set([...disabled, ...failures.map(({ plugin }) => plugin)]);
  const sources = new Set(unloaded.map(({ source }) => source));
  // The host of Python plugins has no name, and with it all of them have failed.
  const isHostless = unloaded.some(({ name }) => name === null);
  const isKept = (one: Contributor) =>
    names.has(one.name) || sources.has(one.source) || (isHostless && one.language === "python");
  const kept = new Map<string, Contributor>();
  for (const one of contributors(ledger))
    if (!kept.has(one.name) && isKept(one) && staying.has(one.source)) kept.set(one.name, one);
  return [...kept.values()];
}
