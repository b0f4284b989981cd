import type { TljhError } from "../errors/error.ts";
import {
  type PluginHook,
  pluginResultEntryInvalid,
  pluginResultNotAList,
  pluginResultTooLong,
} from "../errors/plugins.ts";
import type { TljhHooks } from "../hooks.ts";

/** One thing that a plugin wants installed. */
export interface Contribution {
  readonly value: string;
  readonly plugin: string;
}

/** The hooks that say what is to be installed, by the names of their lists. */
export const listHooks = {
  aptPackages: "tljh_extra_apt_packages",
  /** Requirements and options of pip. */
  hubPipPackages: "tljh_extra_hub_pip_packages",
  userCondaPackages: "tljh_extra_user_conda_packages",
  userCondaChannels: "tljh_extra_user_conda_channels",
  /** Requirements and options of pip. */
  userPipPackages: "tljh_extra_user_pip_packages",
} as const satisfies Record<string, keyof TljhHooks>;

export type ListName = keyof typeof listHooks;

export const listNames = Object.keys(listHooks) as readonly ListName[];

/** What plugins want installed, checked; in call order, so the plugin registered last comes first. */
export type Contributions = { readonly [Name in ListName]: readonly Contribution[] };

export type ListHook = (typeof listHooks)[ListName];

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

const rules: Readonly<Record<ListHook, Rule>> = {
  tljh_extra_apt_packages: aptPackage,
  tljh_extra_hub_pip_packages: anything,
  tljh_extra_user_conda_packages: noOption,
  tljh_extra_user_conda_channels: channel,
  tljh_extra_user_pip_packages: anything,
};

/** A plugin, and a hook of its that gives back a list. */
export interface ListPlace extends PluginHook {
  readonly hook: ListHook;
}

/** True for the hooks that say what is to be installed. */
export function isListHook(hook: string): hook is ListHook {
  return Object.hasOwn(rules, hook);
}

/** The entries of one plugin's answer, each once. Throws the first of `answerProblems`. */
export function checkAnswer(place: ListPlace, answer: unknown): string[] {
  const [problem] = answerProblems(place, answer);
  if (problem) throw problem;
  return [...new Set(answer as readonly string[])];
}

/** All that makes no sense in one plugin's answer. */
export function answerProblems(place: ListPlace, answer: unknown): TljhError[] {
  if (!Array.isArray(answer)) return [pluginResultNotAList(place, answer)];
  if (answer.length > LONGEST_LIST)
    return [pluginResultTooLong(place, answer.length, LONGEST_LIST)];
  return Array.from(answer, (entry: unknown) => entry).flatMap((entry) => {
    const wrong = wrongEntry(place.hook, entry);
    return wrong === undefined ? [] : [pluginResultEntryInvalid(place, entry, wrong)];
  });
}

function wrongEntry(hook: ListHook, entry: unknown): string | undefined {
  if (typeof entry !== "string") return "is not a string";
  return generallyWrong(entry) ?? rules[hook](entry);
}

function generallyWrong(entry: string): string | undefined {
  if (entry.trim() === "") return "is empty";
  if (entry.trim() !== entry) return "begins or ends with a blank";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  if (/[\x00-\x1f\x7f\u2028\u2029]/.test(entry)) return "holds a line break or a control character";
  if (entry.length > LONGEST_ENTRY) return `has more than ${LONGEST_ENTRY} characters`;
  return undefined;
}
