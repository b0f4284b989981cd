import { type Finding, type HealthContext, runChecks } from "./check.ts";
import { statusChecks } from "./checks.ts";
import { services, units } from "./services.ts";

export interface ServiceStatus {
  readonly unit: string;
  readonly name: string;
  readonly up: boolean;
  /** `active`, `failed`, … */
  readonly state: string;
  /** Milliseconds since the epoch; null when it is not up. */
  readonly since: number | null;
}

/** A server at a glance. */
export interface ServerStatus {
  readonly services: readonly ServiceStatus[];
  /** The units of users' servers that run. */
  readonly servers: readonly string[];
  /** The plugins that are loaded. */
  readonly plugins: readonly string[];
  readonly disabled: readonly string[];
  /** What is not as it should be. */
  readonly problems: readonly Finding[];
}

export async function readStatus(context: HealthContext): Promise<ServerStatus> {
  const { machine } = context;
  const [found, servers, plugins, problems] = await Promise.all([
    Promise.all(units.map(async (one) => ({ ...one, ...(await machine.unit(one.unit)) }))),
    machine.activeUnits("jupyter-*.service"),
    context.plugins().then(
      ({ list, disabled }) => ({ loaded: list.map(({ name }) => name).toSorted(), disabled }),
      () => ({ loaded: [], disabled: [] }),
    ),
    findProblems(context),
  ]);
  const shown = found.filter(({ unit }) => unit.endsWith(".service"));
  return {
    services: shown.map(({ unit, name, active, state, since }) => ({
      unit,
      name,
      up: active,
      state,
      since,
    })),
    servers,
    plugins: plugins.loaded,
    disabled: plugins.disabled,
    problems,
  };
}

async function findProblems(context: HealthContext): Promise<readonly Finding[]> {
  const problems: Finding[] = [];
  for await (const { findings } of runChecks([services, ...statusChecks], context))
    problems.push(...findings.filter(({ status }) => status !== "ok"));
  return problems;
}
