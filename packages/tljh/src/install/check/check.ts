import { existsSync } from "node:fs";
import { join } from "node:path";
import { checkFailed, importsFailed, requirementsWorse } from "../../errors/environment-checks.ts";
import { isPart } from "../../system/paths.ts";
import { packageSpecs } from "../package-specs.ts";
import { askedModules } from "./asked.ts";
import { type FailedImport, failedImports, importArguments } from "./imports.ts";
import { checkByPlugins, type PluginChecks } from "./plugin-checks.ts";
import { newComplaints } from "./requirements.ts";
import { type CheckedEnvironment, startTrial, type Trial } from "./trial.ts";

/** What is tried, and where. */
export interface Checked {
  readonly staged: CheckedEnvironment;
  readonly environment: string;
  readonly trial: Trial;
}

/**
 * Proves, before it goes live, that an environment starts what its users start, that what was asked for
 * can be imported, that `pip check` has nothing new to complain of, and what plugins have tried. What was
 * broken before is no reason to refuse a change. An environment beside the two may hold no Python.
 */
export async function checkEnvironment(
  staged: CheckedEnvironment,
  environment: string,
  plugins: readonly PluginChecks[] = [],
  start = startTrial,
): Promise<void> {
  const isOther = !isPart(environment);
  if (isOther && !existsSync(join(staged.directory, "bin", "python"))) return;
  using trial = start(staged);
  const checked = { staged, environment, trial };
  const checks = [
    checkImports(checked),
    checkRequirements(checked),
    ...(environment === "user" ? [checkServer(checked), checkByPlugins(checked, plugins)] : []),
  ];
  // All of them, so that nothing runs in the environment any more when it is put away.
  const outcomes = await Promise.allSettled(checks);
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}

async function checkServer({ staged, trial }: Checked): Promise<void> {
  const argv = [join(staged.prefix, "bin", "jupyterhub-singleuser"), "--version"];
  const { exitCode, output, ended } = await trial.run(argv);
  if (exitCode === 0) return;
  const said = ended ?? output.trim().split("\n").slice(-10).join("\n");
  throw checkFailed("user", argv.join(" "), said, staged.failedDirectory);
}

async function checkImports({ staged, environment, trial }: Checked): Promise<void> {
  const required = isPart(environment) ? packageSpecs[environment].imports : [];
  const modules = [...new Set([...required, ...askedModules(staged.directory)])];
  const python = join(staged.prefix, "bin", "python");
  const failed = failedImports(await trial.run([python, ...importArguments(modules)]));
  if (failed.length === 0) return;
  const before = await failingBefore(python, failed, trial);
  const worse = failed.filter(({ module }) => required.includes(module) || !before.has(module));
  if (worse.length > 0) throw importsFailed(environment, worse, staged.failedDirectory);
}

/** Of modules that cannot be imported, those that could not be before either. */
async function failingBefore(
  python: string,
  failed: readonly FailedImport[],
  trial: Trial,
): Promise<ReadonlySet<string>> {
  if (!existsSync(python)) return new Set();
  const modules = failed.map(({ module }) => module);
  const before = failedImports(await trial.runLive([python, ...importArguments(modules)]));
  // What was not there before is new, and must work.
  const isThere = ({ module, reason }: FailedImport) =>
    reason !== `ModuleNotFoundError: No module named '${module}'`;
  return new Set(before.filter(isThere).map(({ module }) => module));
}

async function checkRequirements({ staged, environment, trial }: Checked): Promise<void> {
  const python = join(staged.prefix, "bin", "python");
  const argv = [python, "-I", "-B", "-m", "pip", "check", "--disable-pip-version-check"];
  const { stdout } = await trial.run(argv);
  // Of a first installation there is no before, and what a channel's packages say is theirs.
  if (newComplaints("", stdout).length === 0 || !existsSync(python)) return;
  const worse = newComplaints((await trial.runLive(argv)).stdout, stdout);
  if (worse.length > 0) throw requirementsWorse(environment, worse, staged.failedDirectory);
}
