import type { Platform } from "../types.ts";
import { parseEnvironmentYaml } from "./environment-yaml.ts";
import { isExplicit, parseExplicit } from "./explicit.ts";
import { readEnvironmentText } from "./read-file.ts";

/** One line of an `@EXPLICIT` file: an archive, and what it must hold. */
export interface ExplicitPackage {
  readonly name: string;
  readonly version: string;
  readonly build: string;
  readonly subdir: string;
  readonly fn: string;
  readonly url: string;
  /** The channel's URL with the subdir. */
  readonly channel: string;
  readonly sha256?: string;
  readonly md5?: string;
}

/** Exactly these archives, with no solver asked. */
export interface ExplicitFile {
  readonly kind: "explicit";
  readonly packages: readonly ExplicitPackage[];
}

/** What is asked for, as conda's environment.yml says it. */
export interface YamlFile {
  readonly kind: "yaml";
  readonly name?: string | undefined;
  /** Names or URLs, the first in the file first. */
  readonly channels: readonly string[];
  readonly specs: readonly string[];
  /** Lines of pip's requirements. */
  readonly pip: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

export type EnvironmentFile = ExplicitFile | YamlFile;

/** Reads either. Throws CONDA_FILE_UNREADABLE or CONDA_FILE_INVALID, the latter with all that is wrong. */
export function readEnvironmentFile(file: string, platform: Platform): EnvironmentFile {
  const text = readEnvironmentText(file);
  return parseEnvironmentFile(text, file, platform);
}

export function parseEnvironmentFile(
  text: string,
  file: string,
  platform: Platform,
): EnvironmentFile {
  return isExplicit(text) ? parseExplicit(text, file, platform) : parseEnvironmentYaml(text, file);
}
