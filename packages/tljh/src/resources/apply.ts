import type { AnyResource, Difference, ServerContext } from "./resource.ts";

export interface Applied {
  /** The ids of the resources that were changed. */
  readonly changed: readonly string[];
}

/** Makes the server as wanted, one resource after the other; stops at the first that fails. */
export async function apply(
  resources: readonly AnyResource[],
  context: ServerContext,
): Promise<Applied> {
  const changed: string[] = [];
  for (const [index, resource] of resources.entries())
    if (await applyOne(resource, index, resources.length, context)) changed.push(resource.id);
  return { changed };
}

async function applyOne(
  { id, title, inspect }: AnyResource,
  index: number,
  count: number,
  context: ServerContext,
): Promise<boolean> {
  const { emit } = context;
  const started = performance.now();
  emit({ type: "step.start", step: id, title, index, count });
  try {
    const { differences, change } = await inspect(context);
    if (differences.length > 0) await change();
    emit({
      type: "step.done",
      step: id,
      title,
      changed: differences.length > 0,
      milliseconds: performance.now() - started,
      summary: summarise(differences),
    });
    return differences.length > 0;
  } catch (error) {
    emit({ type: "step.failed", step: id, error });
    throw error;
  }
}

/** The first few differences by name, the rest as a number. */
export function summarise(differences: readonly Difference[]): string {
  const shown = differences.slice(0, 3).map(({ what }) => what);
  const more = differences.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}
