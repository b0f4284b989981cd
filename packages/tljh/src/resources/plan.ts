import type { AnyResource, Difference, ServerContext } from "./resource.ts";

/** What one resource would change, or why that cannot be told yet. */
export interface PlannedStep {
  readonly id: string;
  readonly title: string;
  readonly differences: readonly Difference[];
  /** Set when the resource depends on one before it that is not there yet. */
  readonly unknown: string | null;
}

/** Reads the whole server and compares, changing nothing. */
export async function plan(
  resources: readonly AnyResource[],
  context: ServerContext,
): Promise<readonly PlannedStep[]> {
  const steps: PlannedStep[] = [];
  let changed = false;
  for (const { id, title, inspect } of resources) {
    try {
      const { differences } = await inspect(context);
      steps.push({ id, title, differences, unknown: null });
      changed ||= differences.length > 0;
    } catch (error) {
      // With something before it missing, a resource may have nothing to read yet.
      if (!changed) throw error;
      steps.push({ id, title, differences: [], unknown: "known once the steps before are done" });
    }
  }
  return steps;
}
