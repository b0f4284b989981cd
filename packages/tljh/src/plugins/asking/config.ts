import { isDeepStrictEqual } from "node:util";
import type { Tree } from "../../config/tree.ts";
import { pluginConfigNotData } from "../../errors/plugins.ts";
import type { TljhConfig } from "../../hooks.ts";
import { type ConfigWrite, configWrites, replay, valueAt } from "../ledger/config-writes.ts";
import type { HookManager } from "../manager.ts";
import { callAlone, type FailedPlugin } from "./alone.ts";
import { findOther } from "./plain-data.ts";

const HOOK = "tljh_config_post_install";

/** What one plugin does to the configuration, in the order in which it is done. */
export interface PluginWrites {
  readonly plugin: string;
  readonly writes: readonly ConfigWrite[];
}

export interface ConfigQuestion {
  /** The configuration as the admin has it, without what plugins have written. */
  readonly config: Tree;
  /** In the order in which they are asked. */
  readonly plugins: readonly string[];
  /** What each wrote earlier, where it still stands. */
  earlier(plugin: string): readonly ConfigWrite[];
  /** Those that are not asked: what they wrote earlier counts. */
  isKept(plugin: string): boolean;
}

export interface ConfigAnswers {
  readonly config: Tree;
  /** Of each plugin that writes anything. */
  readonly plugins: readonly PluginWrites[];
  readonly failures: readonly FailedPlugin[];
}

/**
 * Asks one plugin after the other what it does to the configuration. Each sees what those before it have
 * done, and what it wrote itself at an earlier time. One that fails has changed nothing.
 */
export async function askConfig(
  manager: HookManager,
  question: ConfigQuestion,
): Promise<ConfigAnswers> {
  const plugins: PluginWrites[] = [];
  const failures: FailedPlugin[] = [];
  let { config } = question;
  for (const plugin of question.plugins) {
    const earlier = question.earlier(plugin);
    let after = replay(config, earlier);
    if (!question.isKept(plugin)) {
      try {
        after = await askOne(manager, plugin, withOwn(config, earlier));
      } catch (error) {
        failures.push({ plugin, hook: HOOK, error });
      }
    }
    const writes = configWrites(config, after);
    config = replay(config, writes);
    if (writes.length > 0) plugins.push({ plugin, writes: sorted(writes) });
  }
  return { config, plugins, failures };
}

/** Of one plugin no key is part of another, so that any order will do; this one is the same each time. */
function sorted(writes: readonly ConfigWrite[]): readonly ConfigWrite[] {
  const keys = new Map(writes.map((write) => [JSON.stringify(write.path), write]));
  return [...keys].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, write]) => write);
}

/** What a plugin wrote earlier is written already, unless what stood there then is another by now. */
function withOwn(config: Tree, earlier: readonly ConfigWrite[]): Tree {
  return earlier.reduce(
    (so, write) =>
      isDeepStrictEqual(valueAt(so, write.path), write.before) ? replay(so, [write]) : so,
    config,
  );
}

/** What the plugin makes of a copy of the configuration. */
async function askOne(manager: HookManager, plugin: string, config: Tree): Promise<Tree> {
  const copy = structuredClone(config);
  await callAlone(manager, plugin, HOOK, { config: copy as TljhConfig });
  const wrong = findOther(copy);
  if (wrong) throw pluginConfigNotData(wrong.path, wrong.value, [plugin]);
  return structuredClone(copy);
}
