import { toJson } from "../config/json.ts";
import type { Config } from "../config/schema.ts";
import { hubConfigUnwritable } from "../errors/hub.ts";
import type { HookManager } from "../plugins/manager.ts";
import { writeFileAtomic } from "../system/files.ts";
import type { ServerPaths } from "../system/paths.ts";
import { type Assignment, hubAssignments } from "./assignments.ts";
import { type ForPythonPlugins, forPythonPlugins } from "./python-plugins.ts";

/** What is needed of the loaded plugins (`plugins/load.ts`). */
export interface HubPlugins {
  readonly manager: { readonly hook: Pick<HookManager["hook"], "tljh_custom_jupyterhub_config"> };
}

export interface HubConfigOptions {
  readonly paths: Pick<ServerPaths, "user" | "hubConfig" | "installation" | "pluginSettings">;
  readonly effective: Config;
  readonly plugins: HubPlugins;
}

/** A plugin whose hook failed: nothing that it did is part of the configuration. */
export interface HubPluginFailure {
  readonly plugin: string;
  readonly error: unknown;
}

export interface HubConfig {
  readonly assignments: readonly Assignment[];
  readonly failures: readonly HubPluginFailure[];
}

/**
 * JupyterHub's configuration: from config.yaml, then from `tljh_custom_jupyterhub_config` of each plugin in
 * call order. Only TypeScript's are called: Python's run inside JupyterHub.
 */
export async function makeHubConfig(options: HubConfigOptions): Promise<HubConfig> {
  const { effective, paths, plugins } = options;
  const assignments = [...hubAssignments(effective, paths)];
  const hook = plugins.manager.hook.tljh_custom_jupyterhub_config;
  const ends = await hook.allSettled({ assignments });
  const failures = ends.flatMap((end) =>
    end.status === "rejected" ? [{ plugin: end.plugin, error: end.error }] : [],
  );
  return { assignments, failures };
}

/** Makes the configuration and writes `jupyterhub-config.json`, readable by root alone. */
export async function writeHubConfig(options: HubConfigOptions): Promise<HubConfig> {
  const made = await makeHubConfig(options);
  const { hubConfig } = options.paths;
  const others = await forPythonPlugins(options.paths, options.effective);
  try {
    await writeFileAtomic(hubConfig, formatHubConfig(made.assignments, others), { mode: 0o600 });
  } catch (error) {
    throw hubConfigUnwritable(hubConfig, error);
  }
  return made;
}

/** The content of `jupyterhub-config.json`. Whole numbers of any size are written exactly. */
export function formatHubConfig(
  assignments: readonly Assignment[],
  others: Partial<ForPythonPlugins> = {},
): string {
  return toJson({ version: 1, ...others, assignments });
}
