import type { Tree } from "../../config/tree.ts";
import type { Contributions } from "../contributions.ts";
import { type Contributor, contributors, type Ledger } from "../ledger/ledger.ts";
import { withoutPlugins } from "../ledger/without-plugins.ts";
import type { LoadedPlugin, LoadedPlugins, PluginFailure } from "../load.ts";
import { collectSettings } from "../settings/collect.ts";
import type { FailedPlugin } from "./alone.ts";
import { askConfig, type ConfigAnswers, type PluginWrites } from "./config.ts";
import { type KeptQuestion, keptContributors } from "./kept.ts";
import { askLists } from "./lists.ts";
import { withKept } from "./order.ts";
import { uniteContributors, uniteLists } from "./unite.ts";

export interface Question extends KeptQuestion {
  readonly loaded: Pick<LoadedPlugins, "manager" | "list" | "failures">;
  /** What stands in `config.yaml`. */
  readonly config: Tree;
  /** What this run itself does to the admin's configuration, before any plugin sees it. */
  prepare(config: Tree): Tree;
  /** Whether the first plugin that fails ends it. */
  readonly stop: boolean;
}

/** What becomes of `config.yaml`. */
export interface ConfigOutcome {
  /** As it stands there now. */
  readonly file: Tree;
  /** As the admin has it, without what plugins have written. */
  readonly admin: Tree;
  readonly after: Tree;
  /** What each plugin makes of it, one after the other. */
  readonly plugins: readonly PluginWrites[];
}

/** What all plugins together contribute, each of them checked whole. */
export interface Answers {
  /** As it was before. */
  readonly ledger: Ledger;
  readonly contributions: Contributions;
  readonly config: ConfigOutcome;
  /** Those that take no part in this run. */
  readonly failures: readonly FailedPlugin[];
  /** All that contribute, for the ledger. */
  readonly contributors: readonly Contributor[];
}

/**
 * Asks every plugin, once, for all that it contributes. One that is disabled, or that fails where that
 * does not end it, contributes what it did before.
 */
export async function askPlugins(question: Question): Promise<Answers> {
  const { loaded, ledger } = question;
  const failures = new Map<string, FailedPlugin>();
  const fail = (found: readonly FailedPlugin[]) => {
    if (question.stop && found[0]) throw found[0].error;
    for (const one of found) failures.set(one.plugin, one);
  };
  const unloaded = failuresOf(question);
  fail(unloaded.map(asFailed));
  const active = activePlugins(question);
  const names = new Set(active.map(({ name }) => name));
  const undeclared = (await collectSettings(loaded.manager)).failures.map(asUndeclared);
  fail(undeclared.filter(({ plugin }) => names.has(plugin)));
  const take = () => ({
    found: active.filter(({ name }) => !failures.has(name)),
    kept: keptContributors(question, [...failures.values()], unloaded),
  });
  let config = await askForConfig(question, take());
  fail(config.failures);
  const lists = await askLists(loaded.manager, without(names, failures));
  fail(lists.failures);
  if (lists.failures.length > 0) {
    // What these have done to the configuration does not count, and others may have seen it.
    config = await askForConfig(question, take());
    fail(config.failures);
  }
  const parts = { ...take(), ledger, lists: lists.contributions, writes: config.plugins };
  return {
    ledger,
    contributions: uniteLists(parts),
    config: config.outcome,
    failures: [...failures.values()],
    contributors: uniteContributors(parts),
  };
}

/** Those to load that count: neither of plugins that take no part, nor of such as are being taken out. */
function failuresOf({ loaded, staying, disabled }: Question): readonly PluginFailure[] {
  return loaded.failures.filter(
    ({ name, source }) => name === null || (staying.has(source) && !disabled.includes(name)),
  );
}

const asUndeclared = ({ plugin, error }: Omit<FailedPlugin, "hook">): FailedPlugin => ({
  plugin,
  hook: "tljh_settings_schema",
  error,
});

const asFailed = ({ name, source, error }: PluginFailure): FailedPlugin => ({
  plugin: name ?? source,
  hook: null,
  error,
});

function without(names: ReadonlySet<string>, failures: ReadonlyMap<string, unknown>): Set<string> {
  return new Set([...names].filter((name) => !failures.has(name)));
}

/** Those that are asked, in the order in which `tljh_config_post_install` calls them; the others follow. */
function activePlugins({ loaded, staying, disabled }: Question): readonly LoadedPlugin[] {
  const first = loaded.manager.hook.tljh_config_post_install.plugins();
  const place = ({ name }: LoadedPlugin) =>
    first.includes(name) ? first.indexOf(name) : first.length;
  return loaded.list
    .filter(({ name, source }) => staying.has(source) && !disabled.includes(name))
    .toReversed()
    .sort((a, b) => place(a) - place(b));
}

async function askForConfig(
  { loaded, ledger, config: file, prepare }: Question,
  {
    found,
    kept,
  }: { readonly found: readonly LoadedPlugin[]; readonly kept: readonly Contributor[] },
): Promise<ConfigAnswers & { readonly outcome: ConfigOutcome }> {
  const standing = withoutPlugins(file, ledger);
  const admin = prepare(standing.config);
  const hook = "tljh_config_post_install";
  const asked = new Set(found.filter(({ hooks }) => hooks.includes(hook)).map(({ name }) => name));
  const keptNames = kept.map(({ name }) => name);
  const earlier = contributors(ledger).map(({ name }) => name);
  const answers = await askConfig(loaded.manager, {
    config: admin,
    plugins: withKept([...asked], keptNames, earlier),
    earlier: (name) => standing.writes.get(name) ?? [],
    isKept: (name) => !asked.has(name),
  });
  const { config: after, plugins } = answers;
  return { ...answers, outcome: { file, admin, after, plugins } };
}
