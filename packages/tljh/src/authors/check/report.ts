import type { SettingsDeclaration } from "../../config/settings/declaration.ts";
import type { EnvironmentCheck, HealthFinding } from "../../hooks.ts";
import type { PlannedStep } from "../../resources/plan.ts";
import type { Problem } from "./problem.ts";

/** One key of `config.yaml` that a plugin writes; without `after` it removes it, without `before` it is new. */
export interface ConfigDifference {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What a hook came to. */
export type Outcome =
  | { readonly kind: "not called" }
  | { readonly kind: "failed" }
  | { readonly kind: "list"; readonly entries: readonly string[] }
  | { readonly kind: "config"; readonly changes: readonly ConfigDifference[] }
  | {
      readonly kind: "jupyterhub";
      readonly changes: readonly { readonly trait: string; readonly value: unknown }[];
    }
  | { readonly kind: "settings"; readonly declaration: SettingsDeclaration }
  | { readonly kind: "checks"; readonly checks: readonly EnvironmentCheck[] }
  | { readonly kind: "findings"; readonly findings: readonly HealthFinding[] };

export interface HookReport {
  readonly hook: string;
  /** How long the hook took; null where it was not called. */
  readonly milliseconds: number | null;
  readonly outcome: Outcome;
}

export interface PluginReport {
  readonly name: string;
  readonly version: string;
  readonly language: "typescript" | "python";
  readonly source: string;
  readonly hooks: readonly HookReport[];
}

/** What looking at a plugin has found. */
export interface CheckReport {
  readonly plugins: readonly PluginReport[];
  readonly problems: readonly Problem[];
  /** What this server's plan has with the plugin and not without it; null where there is no server to plan for. */
  readonly difference: readonly PlannedStep[] | null;
}
