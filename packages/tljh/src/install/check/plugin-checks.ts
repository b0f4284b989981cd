import { existsSync } from "node:fs";
import { join } from "node:path";
import { pluginChecksInvalid, pluginRefuses } from "../../errors/environment-checks.ts";
import type { TljhError } from "../../errors/error.ts";
import type { EnvironmentCheck } from "../../hooks.ts";
import type { Checked } from "./check.ts";

/** What one plugin has tried in a changed environment. */
export interface PluginChecks {
  readonly plugin: string;
  readonly checks: readonly EnvironmentCheck[];
}

const MOST_CHECKS = 100;
const LONGEST_TEXT = 1000;
const MOST_WORDS = 100;

/** What a plugin answered to `tljh_user_environment_checks`, checked. Throws `PLUGIN_CHECKS_INVALID`. */
export function pluginChecks(plugin: string, answer: unknown): PluginChecks {
  const [problem] = checksProblems(plugin, answer);
  if (problem) throw problem;
  return { plugin, checks: (answer ?? []) as readonly EnvironmentCheck[] };
}

/** All that makes no sense in such an answer. */
export function checksProblems(plugin: string, answer: unknown): readonly TljhError[] {
  if (answer === undefined || answer === null) return [];
  const wrong = !Array.isArray(answer)
    ? ["what is no list"]
    : answer.length > MOST_CHECKS
      ? [`${answer.length} checks, and ${MOST_CHECKS} are allowed`]
      : answer.flatMap((one) => wrongCheck(one) ?? []);
  return wrong.map((what) => pluginChecksInvalid(plugin, what));
}

function wrongCheck(given: unknown): string | undefined {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return "a list that holds what is no check";
  const { name, command } = given as Readonly<Record<string, unknown>>;
  if (!isText(name)) return "a check whose name is no text";
  const shown = JSON.stringify(name);
  if (!Array.isArray(command) || command.length === 0 || command.length > MOST_WORDS)
    return `the check ${shown}, whose command is no list of 1 to ${MOST_WORDS} words`;
  if (!command.every(isWord) || command[0] === "")
    return `the check ${shown}, whose command has what is no word`;
  return undefined;
}

const isText = (value: unknown): value is string =>
  isWord(value) && value.trim() !== "" && value.length <= LONGEST_TEXT && !/\p{Cc}/u.test(value);

/** As a program can be given it. */
const isWord = (value: unknown): value is string =>
  typeof value === "string" && !value.includes("\0");

/** One after the other: how many there are is the plugins' affair. */
export async function checkByPlugins(
  { staged, trial }: Checked,
  plugins: readonly PluginChecks[],
): Promise<void> {
  for (const { plugin, checks } of plugins) {
    for (const { name, command } of checks) {
      const { exitCode, output, ended } = await trial.run(inEnvironment(staged, command));
      if (exitCode === 0) continue;
      const said = ended ?? output.trim().split("\n").slice(-10).join("\n");
      throw pluginRefuses(plugin, { name, command }, said, staged.failedDirectory);
    }
  }
}

/** A program without a path is the environment's own, where it has one of that name. */
function inEnvironment(
  { prefix, directory }: Checked["staged"],
  [program = "", ...rest]: readonly string[],
): readonly string[] {
  const own = join("bin", program);
  const isOwn = !program.includes("/") && existsSync(join(directory, own));
  return [isOwn ? join(prefix, own) : program, ...rest];
}
