import { readTextOrNull } from "../../system/files.ts";
import type { SettingKey, SettingsDeclaration, SimpleType } from "./declaration.ts";

/** A section of config.yaml that is a plugin's. */
export interface PluginSection extends SettingsDeclaration {
  readonly plugin: string;
}

/** The sections that plugins have declared as theirs, by name. */
export type PluginSections = ReadonlyMap<string, PluginSection>;

export const noSections: PluginSections = new Map();

export function sectionsOf(
  declarations: Iterable<readonly [plugin: string, SettingsDeclaration]>,
): PluginSections {
  return new Map(
    Array.from(declarations, ([plugin, { section, keys }]) => [section, { plugin, section, keys }]),
  );
}

/**
 * What plugins declared when they were loaded last, out of `state/plugin-settings.json`. Who may not read it
 * may not read config.yaml either; a record that makes no sense is none, and is written anew by `tljh apply`.
 */
export async function readPluginSections(file: string): Promise<PluginSections> {
  const text = await readTextOrNull(file).catch(() => null);
  if (text === null) return noSections;
  try {
    const { version, plugins } = JSON.parse(text) as {
      version: number;
      plugins: Record<string, SettingsDeclaration>;
    };
    return version === 1 ? sectionsOf(Object.entries(plugins)) : noSections;
  } catch {
    return noSections;
  }
}

/** What a plugin's section holds at a path: a key, or what is in a list or map; undefined anywhere else. */
export function settingAt(
  path: readonly PropertyKey[],
  sections: PluginSections,
): SettingKey | SimpleType | undefined {
  const [section, name, inside, ...deeper] = path.map(String);
  const keys = sections.get(section ?? "")?.keys;
  if (keys === undefined || name === undefined || !Object.hasOwn(keys, name)) return undefined;
  const key = keys[name];
  if (inside === undefined) return key;
  if (deeper.length > 0) return undefined;
  if (key?.type === "array") return key.items;
  return key?.type === "object" ? key.additionalProperties : undefined;
}

/** Whether the scalar at a path is text whatever it looks like, because a plugin says so. */
export function isTextSetting(path: readonly PropertyKey[], sections: PluginSections): boolean {
  const found = settingAt(path, sections);
  return found?.type === "string" || (found?.type === "array" && found.items.type === "string");
}
