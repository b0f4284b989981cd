import {
  type Contribution,
  type Contributions,
  checkAnswer,
  type ListName,
  listHooks,
  listNames,
} from "../contributions.ts";
import type { HookManager } from "../manager.ts";
import { callAlone, type FailedPlugin } from "./alone.ts";

export interface ListAnswers {
  readonly contributions: Contributions;
  readonly failures: readonly FailedPlugin[];
}

/**
 * Asks plugins what they want installed. One that fails, or whose answer makes no sense, is asked
 * nothing more, and nothing that it has answered counts.
 */
export async function askLists(
  manager: HookManager,
  plugins: ReadonlySet<string>,
): Promise<ListAnswers> {
  const failures = new Map<string, FailedPlugin>();
  const lists: [ListName, Contribution[]][] = [];
  for (const name of listNames) lists.push([name, await askList(manager, name, plugins, failures)]);
  const isSound = ({ plugin }: Contribution) => !failures.has(plugin);
  const sound = lists.map(([name, found]) => [name, found.filter(isSound)]);
  const contributions = Object.fromEntries(sound) as Contributions;
  return { contributions, failures: [...failures.values()] };
}

/** One hook of every such plugin that has not failed yet, at once; those that fail now are added to `failures`. */
async function askList(
  manager: HookManager,
  name: ListName,
  plugins: ReadonlySet<string>,
  failures: Map<string, FailedPlugin>,
): Promise<Contribution[]> {
  const hook = listHooks[name];
  const isAsked = (plugin: string) => plugins.has(plugin) && !failures.has(plugin);
  const asked = manager.hook[hook].plugins().filter(isAsked);
  const found = await Promise.all(
    asked.map(async (plugin): Promise<Contribution[]> => {
      try {
        const answers = await callAlone(manager, plugin, hook, {});
        const values = answers.flatMap((answer) => checkAnswer({ plugin, hook }, answer));
        return [...new Set(values)].map((value) => ({ value, plugin }));
      } catch (error) {
        failures.set(plugin, { plugin, hook, error });
        return [];
      }
    }),
  );
  return found.flat();
}
