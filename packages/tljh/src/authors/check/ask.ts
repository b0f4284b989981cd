import { isDeepStrictEqual } from "node:util";
import type { Config } from "../../config/schema.ts";
import { sectionsOf } from "../../config/settings/sections.ts";
import { settingsValues } from "../../config/settings/values.ts";
import type { Tree } from "../../config/tree.ts";
import { validate } from "../../config/validate.ts";
import { pluginConfigUnusable } from "../../errors/plugin-authors.ts";
import { pluginConfigNotData } from "../../errors/plugins.ts";
import { findingProblems } from "../../health/plugin-findings.ts";
import {
  type EnvironmentCheck,
  type HealthFinding,
  hookspecs,
  type TljhConfig,
  type TljhHookName,
} from "../../hooks.ts";
import { hubAssignments } from "../../hub/assignments.ts";
import type { ConfigTree } from "../../hub/config-tree.ts";
import { configTree } from "../../hub/tree.ts";
import { checksProblems } from "../../install/check/plugin-checks.ts";
import { configChanges } from "../../install/config-changes.ts";
import { callAlone } from "../../plugins/asking/alone.ts";
import { findOther } from "../../plugins/asking/plain-data.ts";
import { answerProblems, isListHook, type ListHook } from "../../plugins/contributions.ts";
import { valueAt } from "../../plugins/ledger/config-writes.ts";
import type { LoadedPlugin, LoadedPlugins } from "../../plugins/load.ts";
import { RpcError } from "../../rpc/index.ts";
import { lookInPython } from "./python-look.ts";
import type { ConfigDifference, HookReport, Outcome } from "./report.ts";
import type { Stage } from "./stage.ts";

/** The server that a plugin is asked for, or an empty one. */
export interface Surroundings {
  readonly loaded: LoadedPlugins;
  readonly stage: Stage;
  /** What stands in `config.yaml`, and what it comes to. */
  readonly config: Tree;
  readonly effective: Config;
}

/** Why a hook has no outcome that the product would take: all the reasons. */
type Fail = (errors: readonly unknown[]) => void;

interface Question extends Surroundings {
  readonly plugin: LoadedPlugin;
  readonly fail: Fail;
  /** Says how long the hook itself took, where that is known better than from outside. */
  took(milliseconds: number): void;
}

type Way = (question: Question) => Promise<Outcome>;

const failed: Outcome = { kind: "failed" };

/** Those that only answer. All others act, and are not called. */
const ways: Readonly<Partial<Record<TljhHookName, Way>>> = {
  tljh_settings_schema: async ({ loaded, plugin }) => {
    const declaration = loaded.declarations.get(plugin.name);
    return declaration ? { kind: "settings", declaration } : failed;
  },
  tljh_config_post_install: askConfig,
  tljh_custom_jupyterhub_config: askJupyterHub,
  tljh_user_environment_checks: askEnvironmentChecks,
  tljh_health_checks: askHealth,
};

/** Asks one plugin, hook by hook, what it would contribute; `tell` is told all that is wrong. */
export async function askPlugin(
  plugin: LoadedPlugin,
  surroundings: Surroundings,
  tell: (hook: string, error: unknown) => void,
): Promise<HookReport[]> {
  const reports: HookReport[] = [];
  const order = Object.keys(hookspecs) as TljhHookName[];
  for (const hook of order.filter((name) => plugin.hooks.includes(name))) {
    const way = isListHook(hook) ? listWay(hook) : ways[hook];
    const { errors, ...report } = way
      ? await timed(way, { ...surroundings, plugin })
      : { milliseconds: null, outcome: { kind: "not called" } as const, errors: [] };
    reports.push({ hook, ...report });
    for (const error of errors) tell(hook, error);
  }
  return reports;
}

async function timed(way: Way, question: Omit<Question, "fail" | "took">) {
  const errors: unknown[] = [];
  const fail: Fail = (found) => void errors.push(...found);
  let known: number | undefined;
  const took = (milliseconds: number) => {
    known = milliseconds;
  };
  const begin = performance.now();
  const outcome = await way({ ...question, fail, took }).catch(caught(fail));
  return { milliseconds: known ?? Math.round(performance.now() - begin), outcome, errors };
}

const caught =
  (fail: Fail) =>
  (error: unknown): Outcome => {
    fail([error]);
    return failed;
  };

const listWay =
  (hook: ListHook): Way =>
  async ({ loaded, plugin, fail }) => {
    const [answer] = await callAlone(loaded.manager, plugin.name, hook, {});
    if (answer === undefined) return { kind: "list", entries: [] };
    const problems = answerProblems({ plugin: plugin.name, hook }, answer);
    fail(problems);
    return problems.length > 0
      ? failed
      : { kind: "list", entries: [...new Set(answer as readonly string[])] };
  };

async function askConfig({ loaded, plugin, config, fail }: Question): Promise<Outcome> {
  const after = structuredClone(config) as TljhConfig;
  const { name } = plugin;
  await callAlone(loaded.manager, name, "tljh_config_post_install", { config: after });
  const wrong = findOther(after);
  if (wrong) throw pluginConfigNotData(wrong.path, wrong.value, [name]);
  const sections = sectionsOf(loaded.declarations);
  const known = validate(config, sections).problems;
  const added = validate(after, sections).problems.filter(
    (one) => one.severity !== "warning" && !known.some((other) => isDeepStrictEqual(one, other)),
  );
  fail(added.map((problem) => pluginConfigUnusable(name, problem)));
  const changes = configChanges(config, after).map(({ path, ...change }): ConfigDifference => {
    const before = valueAt(config, path);
    return {
      path: path.join("."),
      ...(before === undefined ? {} : { before }),
      ...("value" in change ? { after: change.value } : {}),
    };
  });
  return { kind: "config", changes };
}

async function askJupyterHub(question: Question): Promise<Outcome> {
  const { effective, stage, plugin } = question;
  const before = hubAssignments(effective, stage.paths);
  const changes =
    plugin.language === "python"
      ? await pythonChanges(question, before)
      : await typescriptChanges(question, before);
  const traits = Object.entries(changes).flatMap(([className, values]) =>
    Object.entries(values).map(([trait, value]) => ({ trait: `${className}.${trait}`, value })),
  );
  return { kind: "jupyterhub", changes: traits };
}

async function pythonChanges(
  question: Question,
  assignments: ReturnType<typeof hubAssignments>,
): Promise<ConfigTree> {
  const { loaded, plugin, config, stage, took } = question;
  const declaration = loaded.declarations.get(plugin.name);
  const settings = declaration
    ? settingsValues(declaration, config[declaration.section]).values
    : {};
  const python = stage.hubPython ?? "python3";
  const look = await lookInPython({ python, plugin: plugin.name, assignments, settings });
  if (look.error) throw RpcError.from(look.error);
  took(look.milliseconds);
  return look.changes;
}

async function typescriptChanges(
  { loaded, plugin }: Question,
  before: ReturnType<typeof hubAssignments>,
): Promise<ConfigTree> {
  const assignments = [...before];
  const hook = "tljh_custom_jupyterhub_config";
  await callAlone(loaded.manager, plugin.name, hook, { assignments });
  const was = configTree(before);
  const changed = Object.entries(configTree(assignments)).map(
    ([className, traits]): [string, Readonly<Record<string, unknown>>] => {
      const different = Object.entries(traits).filter(
        ([trait, value]) => !isDeepStrictEqual(was[className]?.[trait], value),
      );
      return [className, Object.fromEntries(different)];
    },
  );
  return Object.fromEntries(changed);
}

async function askHealth({ loaded, plugin, fail }: Question): Promise<Outcome> {
  const { name } = plugin;
  const [answer] = await callAlone(loaded.manager, name, "tljh_health_checks", {});
  const problems = findingProblems(name, answer);
  fail(problems);
  return problems.length > 0
    ? failed
    : { kind: "findings", findings: (answer ?? []) as readonly HealthFinding[] };
}

async function askEnvironmentChecks({ loaded, plugin, fail }: Question): Promise<Outcome> {
  const { name } = plugin;
  const [answer] = await callAlone(loaded.manager, name, "tljh_user_environment_checks", {});
  const problems = checksProblems(name, answer);
  fail(problems);
  return problems.length > 0
    ? failed
    : { kind: "checks", checks: (answer ?? []) as readonly EnvironmentCheck[] };
}
