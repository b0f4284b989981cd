import type { SettingKey, SettingsDeclaration } from "../../config/settings/declaration.ts";
import { exampleOf } from "../../config/settings/example.ts";
import { expectation } from "../../config/settings/expects.ts";

/** What an admin needs to know of one setting. */
export interface SettingText {
  /** `quota.gigabytes` */
  readonly path: string;
  readonly description: string;
  /** "a whole number, 1 or more" */
  readonly value: string;
  /** "10", or "none"; a secret's is not told. */
  readonly default: string;
  /** A command that sets it. */
  readonly example: string;
}

/** A plugin's settings in words, in the order in which the plugin declares them. */
export function settingsText({ section, keys }: SettingsDeclaration): readonly SettingText[] {
  return Object.entries(keys).map(([name, key]) => {
    const path = `${section}.${name}`;
    return {
      path,
      description: key.description,
      value: expectation(key),
      default: defaultText(key),
      example: `sudo tljh-config ${command(path, key)}`,
    };
  });
}

function command(path: string, key: SettingKey): string {
  const verb = key.type === "array" ? "add-item" : "set";
  return `${verb} ${path}${key.type === "object" ? ".NAME" : ""} ${exampleOf(key)}`;
}

function defaultText({ default: value, secret }: SettingKey): string {
  if (value === undefined) return "none";
  if (secret) return "secret";
  if (typeof value === "object") return JSON.stringify(value);
  return value === "" ? "empty" : String(value);
}
