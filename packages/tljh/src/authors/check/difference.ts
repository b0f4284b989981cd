import { isDeepStrictEqual } from "node:util";
import { askPlugins, type LoadedPlugins, readLedger } from "../../plugins/index.ts";
import { type PlannedStep, plan } from "../../resources/plan.ts";
import type { AnyResource, ServerContext } from "../../resources/resource.ts";
import { stayingPlugins } from "../../resources/staying.ts";
import type { Surroundings } from "./ask.ts";

export interface Difference {
  /** What a server is made of. */
  readonly resources: readonly AnyResource[];
  /** The server as it was asked to be, for a plan. */
  readonly before: ServerContext;
  /** The same, asked for the plugin too. */
  readonly after: ServerContext;
}

/**
 * What the server's plan has with the plugin, and not without it; null where the server cannot be planned for
 * without it either.
 */
export async function planDifference(
  { resources, before, after }: Difference,
  surroundings: Surroundings,
): Promise<readonly PlannedStep[] | null> {
  const without = await plan(resources, before).catch(() => null);
  if (without === null) return null;
  const context = { ...after, ...(await asked(after, surroundings)) };
  const withIt = await plan(resources, context);
  return withIt.flatMap((step) => {
    const known = without.find(({ id }) => id === step.id);
    const differences = step.differences.filter(
      (one) => !known?.differences.some((other) => isDeepStrictEqual(one, other)),
    );
    const unknown = step.unknown === known?.unknown ? null : step.unknown;
    return differences.length > 0 || unknown !== null ? [{ ...step, differences, unknown }] : [];
  });
}

/** What all plugins contribute, the one that is looked at among them. */
async function asked(
  after: ServerContext,
  { loaded, stage, config }: Surroundings,
): Promise<Pick<ServerContext, "plugins" | "contributions">> {
  const { paths, wanted } = after;
  const staying = new Set([...(await stayingPlugins(after)), ...stage.sources]);
  const ledger = await readLedger(paths.contributions);
  const disabled = wanted.disabled ?? [];
  const question = { loaded, ledger, config, disabled, staying, stop: false };
  const answers = askPlugins({ ...question, prepare: (own) => own });
  return { plugins: async (): Promise<LoadedPlugins> => loaded, contributions: () => answers };
}
