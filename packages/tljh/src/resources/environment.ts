import {
  availableNames,
  type ChannelRequest,
  changeEnvironment,
  currentPlatform,
  type EnvironmentOptions,
  type EnvironmentPlan,
  planEnvironment,
  readPrefixRecords,
  removeTreeLater,
  rollBack,
} from "@tljh/conda";
import { loadConfig } from "../config/load.ts";
import { checkEnvironment } from "../install/check/check.ts";
import type { PluginChecks } from "../install/check/plugin-checks.ts";
import { historyCommand } from "../install/conda-requests.ts";
import { readDistributions } from "../install/distributions.ts";
import { packageSpecs } from "../install/package-specs.ts";
import {
  changePipEntries,
  droppedDistributions,
  missingPipEntries,
  type PipEntry,
  type PipWish,
  readPipRecord,
} from "../install/pip.ts";
import { readBrought } from "../install/pip-brought.ts";
import {
  changePythonPlugins,
  type PythonChanges,
  type PythonEvents,
  type PythonWish,
  pythonChanges,
} from "../install/python-plugins/index.ts";
import { tellFailures } from "./asking.ts";
import {
  type CondaEntry,
  condaDifferences,
  type Former,
  type PipChange,
  pipDifferences,
  pluginDifferences,
  reasonsByName,
} from "./environment-differences.ts";
import { type AnyResource, resource, type ServerContext } from "./resource.ts";

/** What one environment must hold beyond what is written in `data/packages.json`. */
export interface EnvironmentWish {
  readonly conda: readonly CondaEntry[];
  readonly pip: readonly PipEntry[];
  readonly channels: readonly string[];
  /** Names of conda packages that nobody asks for any more, with who did. */
  readonly released?: Former;
  /** Plugins in Python; nothing is done about them where it is absent. */
  readonly plugins?: PythonWish;
  /** Entries of pip that nobody asks for any more, with who did. */
  readonly dropped?: Former;
}

interface EnvironmentFound {
  readonly request: EnvironmentOptions;
  readonly wish: EnvironmentWish;
  readonly plan: EnvironmentPlan;
  readonly pip: PipChange;
  readonly plugins: PythonChanges;
}

/** The hub's or the users' conda environment: its conda packages, then what pip adds, changed in one step. */
export function environmentResource(definition: {
  readonly id: string;
  readonly title: string;
  readonly environment: "hub" | "user";
  wish(context: ServerContext): Promise<EnvironmentWish>;
  /** What plugins have tried before it goes live. */
  checks?(context: ServerContext): Promise<readonly PluginChecks[]>;
}): AnyResource {
  const { environment } = definition;
  return resource<EnvironmentFound>({
    id: definition.id,
    title: definition.title,
    async read(context) {
      const wish = await definition.wish(context);
      const request = await environmentRequest(environment, wish, context);
      const plan = await planEnvironment(request);
      const plugins = await pythonChanges(request.prefix, wish.plugins);
      return { request, wish, plan, plugins, pip: await pipChange(request.prefix, wish) };
    },
    compare: ({ plan, wish, plugins, pip }) => [
      ...condaDifferences(plan, wish.conda, wish.released ?? new Map()),
      ...pluginDifferences(plugins),
      ...pipDifferences(pip),
    ],
    async change(found, context) {
      const { prefix, snapshotsDir } = found.request;
      const { generation, snapshot } = await changeEnvironment({
        ...found.request,
        plan: found.plan,
        command: historyCommand,
        removeTree: removeTreeLater,
        extend: async (staged) => {
          await changePythonPlugins(staged, found.plugins, pluginEvents(context));
          await changePipEntries(staged, environment, pipWish(found.wish, context), context.emit);
        },
        check: async (staged) =>
          checkEnvironment(staged, environment, await definition.checks?.(context)),
      });
      if (generation !== undefined)
        context.emit({ type: "environment.changed", environment, generation });
      await context.forgetPlugins();
      // Nothing to go back to after a first installation: what is there is whole.
      if (generation === undefined || snapshot === undefined) return;
      const number = generation.number - 1;
      return async () => {
        await context.forgetPlugins();
        await rollBack({ prefix, snapshotsDir, number, command: "tljh apply, taken back" });
      };
    },
  });
}

function pluginEvents(context: ServerContext): PythonEvents {
  const { emit, skipFailing } = context;
  if (!skipFailing) return { emit };
  const onFailing = (plugin: string, error: unknown) =>
    tellFailures([{ plugin, hook: null, error }], context);
  return { emit, onFailing };
}

function pipWish({ pip, dropped }: EnvironmentWish, context?: ServerContext): PipWish {
  const wish = { wanted: pip, dropped: [...(dropped?.keys() ?? [])] };
  if (!context?.skipFailing) return wish;
  return {
    ...wish,
    onFailing: ({ value, because }, error) => {
      const plugin = because === "--plugin" ? value : because;
      return tellFailures([{ plugin, hook: null, error }], context);
    },
  };
}

async function pipChange(prefix: string, wish: EnvironmentWish): Promise<PipChange> {
  return {
    missing: missingPipEntries(await readPipRecord(prefix), wish.pip),
    dropped: wish.dropped ?? new Map(),
    going: await droppedDistributions(prefix, pipWish(wish)),
    installed: await readDistributions(prefix),
    brought: await readBrought(prefix),
  };
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
  const { effective } = await loadConfig(paths.configFile);
  const { mirrors } = effective.conda;
  const from = { channels, mirrors, cacheDir };
  const optional = await optionalSpecs(specs.optional, prefix, from);
  return {
    prefix,
    ...from,
    snapshotsDir: paths.snapshots,
    release: [...(wish.released?.keys() ?? [])],
    specs: [...specs.required, ...optional, ...wish.conda.map((entry) => entry.value)],
    reasons: Object.fromEntries(reasonsByName([...wish.pip, ...wish.conda])),
    platform: currentPlatform(),
    onEvent: (event) => emit({ type: "conda", environment, event }),
  };
}

/** The optional names that the channels have; what is installed already needs no look into a channel. */
async function optionalSpecs(
  names: readonly string[],
  prefix: string,
  from: ChannelRequest,
): Promise<readonly string[]> {
  const installed = new Set(readPrefixRecords(prefix).map((record) => record.name));
  if (installed.size > 0) return names.filter((name) => installed.has(name));
  const available = await availableNames({ ...from, names });
  return names.filter((name) => available.has(name));
}
