import {
  type PluginHook,
  pluginResultEntryInvalid,
  pluginResultNotAList,
  pluginResultTooLong,
} from "../errors/plugins.ts";
import type { TljhHooks } from "../hooks.ts";
import type { HookManager } from "./manager.ts";

/** One thing that a plugin wants installed. */
export interface Contribution {
  readonly value: string;
  readonly plugin: string;
}

/** What all plugins want installed, checked; in call order, so the plugin registered last comes first. */
export interface Contributions {
  readonly aptPackages: readonly Contribution[];
  /** Requirements and options of pip. */
  readonly hubPipPackages: readonly Contribution[];
  readonly userCondaPackages: readonly Contribution[];
  readonly userCondaChannels: readonly Contribution[];
  /** Requirements and options of pip. */
  readonly userPipPackages: readonly Contribution[];
}

type ListHook = {
  [Name in keyof TljhHooks]: TljhHooks[Name]["result"] extends readonly string[] ? Name : never;
}[keyof TljhHooks];

/** Says what is wrong with an entry, to follow "which …"; undefined if nothing is. */
type Rule = (entry: string) => string | undefined;

const LONGEST_LIST = 1000;
const LONGEST_ENTRY = 1000;
const APT_PACKAGE = /^[a-z0-9][a-z0-9+.-]+(?::[a-z0-9-]+)?(?:[=/][A-Za-z0-9.+:~-]+)?$/;

const noOption: Rule = (entry) =>
  entry.startsWith("-") ? "begins with a dash, as an option does" : undefined;

const aptPackage: Rule = (entry) =>
  noOption(entry) ?? (APT_PACKAGE.test(entry) ? undefined : "is no name of a Debian package");

const channel: Rule = (entry) =>
  noOption(entry) ?? (/\s/.test(entry) ? "holds a blank" : undefined);

const anything: Rule = () => undefined;

/** Asks every plugin what it wants installed. Throws at the first answer that makes no sense. */
export async function collectContributions(manager: HookManager): Promise<Contributions> {
  return {
    aptPackages: await collect(manager, "tljh_extra_apt_packages", aptPackage),
    hubPipPackages: await collect(manager, "tljh_extra_hub_pip_packages", anything),
    userCondaPackages: await collect(manager, "tljh_extra_user_conda_packages", noOption),
    userCondaChannels: await collect(manager, "tljh_extra_user_conda_channels", channel),
    userPipPackages: await collect(manager, "tljh_extra_user_pip_packages", anything),
  };
}

async function collect(manager: HookManager, hook: ListHook, rule: Rule): Promise<Contribution[]> {
  const answers = await manager.hook[hook].byPluginAsync({});
  return answers.flatMap(({ plugin, value }) =>
    checkList({ plugin, hook }, value, rule).map((entry) => ({ value: entry, plugin })),
  );
}

/** The entries of one plugin's answer, each once. */
function checkList(place: PluginHook, answer: unknown, rule: Rule): string[] {
  if (!Array.isArray(answer)) throw pluginResultNotAList(place, answer);
  if (answer.length > LONGEST_LIST) throw pluginResultTooLong(place, answer.length, LONGEST_LIST);
  return [...new Set(Array.from(answer, (entry: unknown) => checkEntry(place, entry, rule)))];
}

function checkEntry(place: PluginHook, entry: unknown, rule: Rule): string {
  if (typeof entry !== "string") throw pluginResultEntryInvalid(place, entry, "is not a string");
  const wrong = generallyWrong(entry) ?? rule(entry);
  if (wrong !== undefined) throw pluginResultEntryInvalid(place, entry, wrong);
  return entry;
}

function generallyWrong(entry: string): string | undefined {
  if (entry.trim() === "") return "is empty";
  if (entry.trim() !== entry) return "begins or ends with a blank";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  if (/[\x00-\x1f\x7f\u2028\u2029]/.test(entry)) return "holds a line break or a control character";
  if (entry.length > LONGEST_ENTRY) return `has more than ${LONGEST_ENTRY} characters`;
  return undefined;
}
