import type { LoadedConfig } from "../config/load.ts";
import { isExplained } from "../errors/error.ts";
import { lookFailed } from "../errors/health.ts";
import type { LoadedPlugins } from "../plugins/index.ts";
import type { PlannedStep } from "../resources/plan.ts";
import type { ServerPaths } from "../system/paths.ts";
import type { Machine } from "./machine.ts";

export type Status = "ok" | "warning" | "error";

/** What was found when something was looked at. */
export interface Finding {
  readonly status: Status;
  /** What was seen, as a sentence without its full stop. */
  readonly message: string;
  /** The code of an error, which docs/errors.md explains. */
  readonly code?: string;
  /** What stands behind it, such as the last lines of a journal. */
  readonly cause?: string;
  /** What to do about it; always there unless the status is `ok`. */
  readonly remedy?: string;
  /** Whose doing it is. */
  readonly plugin?: string;
}

/** One thing that `tljh doctor` looks at. Looking changes nothing. */
export interface Check {
  readonly id: string;
  readonly title: string;
  look(context: HealthContext): Promise<readonly Finding[]>;
}

/** What checks look at. What several of them need is read once. */
export interface HealthContext {
  readonly paths: ServerPaths;
  readonly machine: Machine;
  config(): Promise<LoadedConfig>;
  plugins(): Promise<LoadedPlugins>;
  /** What `tljh apply` would change. */
  plan(): Promise<readonly PlannedStep[]>;
}

export interface Checked {
  readonly id: string;
  readonly title: string;
  readonly findings: readonly Finding[];
}

/**
 * Looks at everything at the same time; what was found comes in the order of the checks. A check that cannot
 * be made is itself a finding, and what is in the way of several is told once.
 */
export async function* runChecks(
  checks: readonly Check[],
  context: HealthContext,
): AsyncGenerator<Checked> {
  const told = new Set<unknown>();
  const looks = checks.map((check) => check.look(context).catch((error: unknown) => ({ error })));
  for (const [index, { id, title }] of checks.entries()) {
    const found = (await looks[index]) ?? [];
    if (!("error" in found)) yield { id, title, findings: found };
    else
      yield {
        id,
        title,
        findings: [told.has(found.error) ? again(found.error) : failure(found.error)],
      };
    if ("error" in found) told.add(found.error);
  }
}

const again = (error: unknown): Finding => ({
  ...failure(error, "warning"),
  message: "It could not be looked at, because of an error that is told above",
  remedy: "Mend that first.",
});

/** An error as a finding. */
export function failure(error: unknown, status: Exclude<Status, "ok"> = "error"): Finding {
  const { code, message, remedy, cause } = isExplained(error) ? error : lookFailed(error);
  const reason = cause instanceof Error ? cause.message : "";
  const isNew = reason !== "" && !message.includes(reason);
  return { status, code, message, remedy, ...(isNew ? { cause: reason } : {}) };
}

export const ok = (message: string): Finding => ({ status: "ok", message });

/** The worst of all findings. */
export function worst(findings: Iterable<Finding>): Status {
  const found = new Set(Array.from(findings, ({ status }) => status));
  if (found.has("error")) return "error";
  return found.has("warning") ? "warning" : "ok";
}
