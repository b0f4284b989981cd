import { basename, join } from "node:path";
import {
  availableNames,
  changeEnvironment,
  currentPlatform,
  type EnvironmentOptions,
  type EnvironmentPlan,
  planEnvironment,
  readPrefixRecords,
  rollBack,
  type StagedPrefix,
  specName,
  type Transaction,
} from "@tljh/conda";
import { checkFailed } from "../errors/install.ts";
import { packageSpecs } from "../install/package-specs.ts";
import {
  installPipEntries,
  missingPipEntries,
  type PipEntry,
  readPipRecord,
} from "../install/pip.ts";
import { type AnyResource, type Difference, resource, type ServerContext } from "./resource.ts";

/** A conda match spec and who asks for it. */
export interface CondaEntry {
  readonly value: string;
  readonly because: string;
}

/** What one environment must hold beyond what is written in `data/packages.json`. */
export interface EnvironmentWish {
  readonly conda: readonly CondaEntry[];
  readonly pip: readonly PipEntry[];
  readonly channels: readonly string[];
}

interface EnvironmentFound {
  readonly request: EnvironmentOptions;
  readonly wish: EnvironmentWish;
  readonly plan: EnvironmentPlan;
  readonly missingPip: readonly PipEntry[];
}

/** How often one run may change the same environment; so many steps back are kept. */
const changesInOneRun = 3;

/** The hub's or the users' conda environment: its conda packages, then what pip adds, changed in one step. */
export function environmentResource(definition: {
  readonly id: string;
  readonly title: string;
  readonly environment: "hub" | "user";
  wish(context: ServerContext): Promise<EnvironmentWish>;
}): AnyResource {
  const { environment } = definition;
  return resource<EnvironmentFound>({
    id: definition.id,
    title: definition.title,
    async read(context) {
      const wish = await definition.wish(context);
      const request = await environmentRequest(environment, wish, context);
      const plan = await planEnvironment(request);
      const record = await readPipRecord(request.prefix);
      return { request, wish, plan, missingPip: missingPipEntries(record, wish.pip) };
    },
    compare: (found) => environmentDifferences(found),
    async change(found, context) {
      const { prefix, snapshotsDir } = found.request;
      const { snapshot } = await changeEnvironment({
        ...found.request,
        plan: found.plan,
        command: "tljh apply",
        keepSnapshots: changesInOneRun,
        extend: (staged) => installPipEntries(staged, environment, found.wish.pip, context.emit),
        check: (staged) => checkEnvironment(staged, environment),
      });
      await context.forgetPlugins();
      // Nothing to go back to after a first installation: what is there is whole.
      if (snapshot === undefined) return;
      return async () => {
        await context.forgetPlugins();
        await rollBack({ prefix, snapshotsDir, name: basename(snapshot) });
      };
    },
  });
}

async function environmentRequest(
  environment: "hub" | "user",
  wish: EnvironmentWish,
  context: ServerContext,
): Promise<EnvironmentOptions> {
  const { paths, cacheDir, emit } = context;
  const specs = packageSpecs[environment];
  const prefix = environment === "hub" ? paths.hub : paths.user;
  const channels = [...new Set([...wish.channels, ...context.wanted.channels])];
  const optional = await optionalSpecs(specs.optional, prefix, channels, cacheDir);
  return {
    prefix,
    cacheDir,
    snapshotsDir: paths.snapshots,
    channels,
    specs: [...specs.required, ...optional, ...wish.conda.map((entry) => entry.value)],
    platform: currentPlatform(),
    onEvent: (event) => emit({ type: "conda", environment, event }),
  };
}

/** The optional names that the channels have; what is installed already needs no look into a channel. */
async function optionalSpecs(
  names: readonly string[],
  prefix: string,
  channels: readonly string[],
  cacheDir: string,
): Promise<readonly string[]> {
  const installed = new Set(readPrefixRecords(prefix).map((record) => record.name));
  if (installed.size > 0) return names.filter((name) => installed.has(name));
  const available = await availableNames({ channels, names, cacheDir });
  return names.filter((name) => available.has(name));
}

function environmentDifferences(found: EnvironmentFound): readonly Difference[] {
  const reasons = reasonsByName(found.wish.conda);
  const because = (name: string) => {
    const reason = reasons.get(name);
    return reason === undefined ? {} : { because: reason };
  };
  return [
    ...found.plan.transaction.operations.map((operation) => ({
      ...operationDifference(operation),
      ...because(operation.kind === "remove" ? operation.from.name : operation.to.name),
    })),
    ...found.missingPip.map((entry) => ({
      action: "add" as const,
      what: `${entry.value} (pip)`,
      because: entry.because,
    })),
  ];
}

/** Two plugins may ask for one package in different words. */
function reasonsByName(entries: readonly CondaEntry[]): ReadonlyMap<string, string> {
  const reasons = new Map<string, Set<string>>();
  for (const { value, because } of entries) {
    const name = specName(value);
    reasons.set(name, (reasons.get(name) ?? new Set()).add(because));
  }
  return new Map([...reasons].map(([name, plugins]) => [name, [...plugins].join(", ")]));
}

type Operation = Transaction["operations"][number];
type Change = Extract<Operation, { readonly kind: "change" }>;

function operationDifference(operation: Operation): Difference {
  switch (operation.kind) {
    case "install":
      return { action: "add", what: `${operation.to.name} ${operation.to.version}` };
    case "change":
      return { action: "change", what: `${operation.to.name} ${versionChange(operation)}` };
    case "reinstall":
      return {
        action: "change",
        what: `${operation.to.name} ${operation.to.version} linked again`,
      };
    case "remove":
      return { action: "remove", what: `${operation.from.name} ${operation.from.version}` };
  }
}

/** Versions, or builds where only these differ. */
function versionChange({ from, to }: Change): string {
  return from.version === to.version
    ? `${from.version} ${from.build} → ${to.build}`
    : `${from.version} → ${to.version}`;
}

/** Proves, before it goes live, that an environment starts what its users start. */
export async function checkEnvironment(
  staged: Pick<StagedPrefix, "prefix" | "run">,
  environment: "hub" | "user",
): Promise<void> {
  const bin = (name: string) => join(staged.prefix, "bin", name);
  const imports = `import ${packageSpecs[environment].imports.join(", ")}`;
  const checks: readonly (readonly string[])[] =
    environment === "hub"
      ? [[bin("python"), "-c", imports]]
      : [
          [bin("python"), "-c", imports],
          [bin("jupyterhub-singleuser"), "--version"],
        ];
  await Promise.all(
    checks.map(async (argv) => {
      const { exitCode, output } = await staged.run(argv, { reject: false });
      if (exitCode === 0) return;
      const said = output.trim().split("\n").slice(-10).join("\n");
      throw checkFailed(environment, argv.join(" "), new Error(said));
    }),
  );
}
