import { undoFailed } from "../errors/install.ts";
import type { AnyResource, Difference, ServerContext, Undo } from "./resource.ts";

export interface Applied {
  /** The ids of the resources that were changed. */
  readonly changed: readonly string[];
}

/**
 * Makes the server as wanted, one resource after the other; stops at the first that fails, and takes
 * back what was changed before it where that can be taken back.
 */
export async function apply(
  resources: readonly AnyResource[],
  context: ServerContext,
): Promise<Applied> {
  const changed: string[] = [];
  const undos: Undo[] = [];
  try {
    for (const [index, resource] of resources.entries()) {
      const outcome = await applyOne(resource, index, resources.length, context);
      if (outcome.changed) changed.push(resource.id);
      if (outcome.undo) undos.push(outcome.undo);
    }
  } catch (error) {
    await takeBack(undos, context);
    throw error;
  }
  return { changed };
}

async function applyOne(
  { id, title, inspect }: AnyResource,
  index: number,
  count: number,
  context: ServerContext,
): Promise<{ readonly changed: boolean; readonly undo: Undo | undefined }> {
  const { emit } = context;
  const started = performance.now();
  emit({ type: "step.start", step: id, title, index, count });
  try {
    const { differences, change } = await inspect(context);
    const changed = differences.length > 0;
    const undo = changed ? await change() : undefined;
    const milliseconds = performance.now() - started;
    const summary = summarise(differences);
    emit({ type: "step.done", step: id, title, changed, milliseconds, summary });
    return { changed, undo };
  } catch (error) {
    emit({ type: "step.failed", step: id, error });
    throw error;
  }
}

/** Last change first. One that cannot be taken back is told; the others are taken back all the same. */
async function takeBack(undos: readonly Undo[], { emit }: ServerContext): Promise<void> {
  const last: (() => Promise<void>)[] = [];
  const tell = (error: unknown) => emit(undoFailed(error));
  for (const undo of undos.toReversed()) await undo((action) => last.push(action)).catch(tell);
  for (const action of last) await action().catch(tell);
}

/** So many differences are told by name. */
const named = 3;

/** What an admin would look for: what somebody asked for by name, the rest as a number. */
export function summarise(differences: readonly Difference[]): string {
  const askedFor = differences.filter((one) => (one.because ?? one.formerly) !== undefined);
  const few = differences.length <= 2 * named ? differences : askedFor;
  const shown = few.slice(0, named).map(({ what }) => what);
  const more = differences.length - shown.length;
  if (shown.length === 0) return `${more} changes`;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}
