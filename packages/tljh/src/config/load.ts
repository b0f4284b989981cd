import { configInvalid } from "../errors/config.ts";
import { type ConfigDocument, parseConfigDocument, writtenValue } from "./document.ts";
import { holdsText } from "./lookup.ts";
import type { Problem } from "./problem.ts";
import { readConfigText } from "./read.ts";
import { findGaps } from "./rules.ts";
import type { Config } from "./schema.ts";
import { noSections, type PluginSections } from "./settings/sections.ts";
import { validate } from "./validate.ts";

export interface LoadedConfig {
  readonly document: ConfigDocument;
  /** What stands in the file, plugins' keys included. */
  readonly value: Record<string, unknown>;
  /** Normalised, with all defaults; those of plugins' settings too. Other keys of plugins are kept. */
  readonly effective: Config;
  /** What is doubtful, but does not stand in the way. */
  readonly warnings: readonly Problem[];
}

/**
 * Reads a config.yaml's text. Throws the errors of broken YAML, or one that tells every mistake; those in a
 * plugin's section are warnings.
 */
export function parseConfig(
  text: string,
  file = "config.yaml",
  sections: PluginSections = noSections,
): LoadedConfig {
  const document = parseConfigDocument(text, file);
  const value = writtenValue(document, holdsText(sections));
  const { effective, problems } = validate(value, sections);
  const mistakes = problems.filter(({ severity }) => severity === "error");
  if (effective === undefined) throw configInvalid(file, mistakes, document.lineOf);
  return { document, value, effective, warnings: problems };
}

/** Reads config.yaml; a missing file is an empty one. */
export async function loadConfig(
  file: string,
  sections: PluginSections = noSections,
): Promise<LoadedConfig> {
  return parseConfig(await readConfigText(file), file, sections);
}

/** Throws for mistakes in plugins' sections, as others are thrown for: before a server is changed. */
export function requireSettings({ document, warnings }: LoadedConfig): void {
  const mistakes = warnings.filter(
    ({ severity, code }) => severity === "tolerated" && code !== "CONFIG_KEY_DOUBTFUL",
  );
  if (mistakes.length > 0) throw configInvalid(document.file, mistakes, document.lineOf);
}

/** As `loadConfig`, for use by hub and proxy: what keys lack together is an error here too. */
export async function loadCompleteConfig(
  file: string,
  sections: PluginSections = noSections,
): Promise<LoadedConfig> {
  const loaded = await loadConfig(file, sections);
  const gaps = findGaps(loaded.effective);
  const mistakes = gaps.filter(({ severity }) => severity === "error");
  if (mistakes.length > 0) throw configInvalid(file, mistakes, loaded.document.lineOf);
  return { ...loaded, warnings: [...loaded.warnings, ...gaps] };
}
