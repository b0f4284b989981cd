import { readFile } from "node:fs/promises";
import { installationUnreadable } from "../errors/install.ts";
import type { PluginRequest } from "../plugins/index.ts";
import { mergeRequests } from "./package-of.ts";
import { packageSpecs } from "./package-specs.ts";

/** What this server was asked to hold, kept in `state/installation.json` so that `tljh apply` needs no flags. */
export interface Installation {
  readonly version: 1;
  readonly channels: readonly string[];
  readonly plugins: readonly PluginRequest[];
  /** Names of plugins that are installed and take no part anywhere. */
  readonly disabled?: readonly string[];
  readonly userRequirementsTxtUrl: string | null;
}

export interface InstallationFlags {
  readonly channels: readonly string[];
  readonly plugins: readonly PluginRequest[];
  readonly userRequirementsTxtUrl: string | null;
}

export async function readInstallation(path: string): Promise<Installation | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw installationUnreadable(path, error);
  }
  try {
    return asInstallation(JSON.parse(text));
  } catch (error) {
    throw installationUnreadable(path, error);
  }
}

/** What was asked for before, with this run's flags on top: channels replace, plugins add up, of one package the last. */
export function mergeInstallation(
  before: Installation | null,
  flags: InstallationFlags,
): Installation {
  const channels = flags.channels.length > 0 ? flags.channels : before?.channels;
  return {
    version: 1,
    channels: channels ?? packageSpecs.channels,
    plugins: mergeRequests(before?.plugins ?? [], flags.plugins),
    ...(before?.disabled && { disabled: before.disabled }),
    userRequirementsTxtUrl: flags.userRequirementsTxtUrl ?? before?.userRequirementsTxtUrl ?? null,
  };
}

export function formatInstallation(installation: Installation): string {
  return `${JSON.stringify(installation, null, 2)}\n`;
}

function asInstallation(value: unknown): Installation {
  const candidate = value as Partial<Installation> | null;
  if (candidate?.version !== 1) throw new Error("its version is not 1");
  if (!Array.isArray(candidate.channels) || !Array.isArray(candidate.plugins))
    throw new Error("channels and plugins are not lists");
  if (!isListOfNames(candidate.disabled ?? [])) throw new Error("disabled is not a list of names");
  return candidate as Installation;
}

function isListOfNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}
