import type { Tree } from "../../config/tree.ts";
import { type ConfigWrite, undo } from "./config-writes.ts";
import type { Contributor, Ledger } from "./ledger.ts";

/** What of a configuration is the admin's, and what in it each plugin has written. */
export interface Standing {
  readonly config: Tree;
  /** By the name of the plugin, in the order in which it was written. */
  readonly writes: ReadonlyMap<string, readonly ConfigWrite[]>;
}

/**
 * The configuration without what plugins have written, as far as it stands there still. After runs that
 * were killed, each key is looked for as the last of them was to leave it, and so on back.
 */
export function withoutPlugins(config: Tree, { plugins, pending }: Ledger): Standing {
  const writes = new Map<string, readonly ConfigWrite[]>();
  const seen = new Set<string>();
  let so = config;
  for (const state of [...pending, plugins]) {
    const known = state
      .flatMap((plugin) => plugin.config)
      .filter((write) => !seen.has(keyOf(write)));
    const { config: earlier, undone } = undo(so, known);
    so = earlier;
    for (const write of undone) seen.add(keyOf(write));
    for (const plugin of state) add(writes, plugin, undone);
  }
  return { config: so, writes };
}

function add(
  writes: Map<string, readonly ConfigWrite[]>,
  { name, config }: Contributor,
  undone: ReadonlySet<ConfigWrite>,
): void {
  const standing = config.filter((write) => undone.has(write));
  if (standing.length > 0) writes.set(name, [...(writes.get(name) ?? []), ...standing]);
}

const keyOf = ({ path }: ConfigWrite) => JSON.stringify(path);
