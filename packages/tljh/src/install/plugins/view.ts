import {
  type Contributor,
  type Ledger,
  type LoadedPlugins,
  publicSpec,
  type ReportedFailure,
  toReport,
} from "../../plugins/index.ts";
import type { PluginPackage } from "./inventory.ts";

/** Why a plugin takes no part, or what of it has failed. */
export interface PluginProblem {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  /** The hook that failed; null where the plugin could not be loaded. */
  readonly hook: string | null;
}

/** What is known of one plugin. */
export interface PluginView {
  readonly name: string;
  readonly package: string;
  readonly version: string | null;
  readonly language: "typescript" | "python";
  /** How it was asked for; null: by hand. */
  readonly from: string | null;
  /** Null where it was not loaded. */
  readonly hooks: readonly string[] | null;
  readonly status: "active" | "disabled" | "failing" | "not installed";
  readonly problems: readonly PluginProblem[];
  /** Null where that may not be read. */
  readonly contributed: Contributed | null;
}

export type Contributed = Pick<
  Contributor,
  "aptPackages" | "hubPipPackages" | "userCondaPackages" | "userCondaChannels" | "userPipPackages"
> & {
  /** Keys of config.yaml, dotted; their values may be secret. */
  readonly config: readonly string[];
};

/** What was found out about plugins; null where it could not be, or may not be read. */
export interface Findings {
  readonly inventory: readonly PluginPackage[];
  readonly loaded: Pick<LoadedPlugins, "list" | "failures"> | null;
  readonly disabled: readonly string[];
  readonly ledger: Ledger | null;
  readonly reports: readonly ReportedFailure[];
}

/** One view a plugin; a package in which no plugin is known has one of its own. */
export function viewPlugins(findings: Findings): PluginView[] {
  return findings.inventory.flatMap((one) => {
    const names = one.plugins.length > 0 ? one.plugins : [one.package];
    return names.map((name) => viewPlugin(name, one, findings));
  });
}

function viewPlugin(name: string, one: PluginPackage, findings: Findings): PluginView {
  const { loaded, disabled, ledger } = findings;
  const problems = problemsOf(name, one, findings);
  const isOff = disabled.includes(name);
  const status =
    one.version === null && one.error === undefined
      ? "not installed"
      : isOff
        ? "disabled"
        : problems.length > 0
          ? "failing"
          : "active";
  return {
    name,
    package: one.package,
    version: one.version,
    language: one.language,
    from: one.request && publicSpec(one.request.spec),
    hooks: loaded?.list.find((plugin) => plugin.name === name)?.hooks ?? null,
    status,
    problems: isOff ? [] : problems,
    contributed: ledger && contributedBy(name, ledger),
  };
}

/** What was found now, and what was reported when it last was to take part. */
function problemsOf(
  name: string,
  { package: own, error }: PluginPackage,
  { loaded, reports }: Findings,
): PluginProblem[] {
  const failures = (loaded?.failures ?? []).filter((one) => one.name === name || one.name === own);
  const errors = error === undefined ? failures.map((one) => one.error) : [error];
  const now = errors.map((one) => told(toReport(name, null, one)));
  const reported = reports.filter((one) => one.plugin === name).map(told);
  const all = [...now, ...reported];
  return all.filter(
    (one, index) => all.findIndex((other) => other.message === one.message) === index,
  );
}

const told = ({ code, message, remedy, hook }: ReportedFailure): PluginProblem => ({
  code,
  message,
  remedy,
  hook,
});

function contributedBy(name: string, { plugins }: Ledger): Contributed {
  const found = plugins.find((one) => one.name === name);
  return {
    aptPackages: found?.aptPackages ?? [],
    hubPipPackages: found?.hubPipPackages ?? [],
    userCondaPackages: found?.userCondaPackages ?? [],
    userCondaChannels: found?.userCondaChannels ?? [],
    userPipPackages: found?.userPipPackages ?? [],
    config: (found?.config ?? []).map(({ path }) => path.join(".")),
  };
}
