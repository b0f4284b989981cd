import { TljhError } from "./error.ts";

const EXAMPLE =
  '{ section: "quota", keys: { gigabytes: { type: "integer", default: 10, description: "Disk space of a user." } } }';

/** What a plugin declares as its settings is no declaration at all. */
export function settingsInvalid(plugin: string, wrong: string): TljhError {
  return new TljhError("PLUGIN_SETTINGS_INVALID", {
    message: `Plugin ${plugin} answered tljh_settings_schema with what declares no settings: ${wrong}`,
    remedy: `Let it return a section and its keys, such as ${EXAMPLE}.`,
  });
}

export function settingsSectionInvalid(plugin: string, section: string, wrong: string): TljhError {
  return new TljhError("PLUGIN_SETTINGS_SECTION_INVALID", {
    message: `Plugin ${plugin} cannot have the section ${section} in config.yaml: ${wrong}`,
    remedy:
      "Let it take a name of its own, best the plugin's: letters, digits, - and _, beginning with a letter.",
  });
}

/** One key of the declaration is wrong. What is wrong, and what to write instead, is said for each case. */
export function settingsKeyInvalid(
  plugin: string,
  key: string,
  wrong: string,
  remedy: string,
): TljhError {
  return new TljhError("PLUGIN_SETTINGS_KEY_INVALID", {
    message: `Plugin ${plugin} declares its setting ${key} wrongly: ${wrong}`,
    remedy,
  });
}

export function settingsSectionTaken(plugin: string, section: string, other: string): TljhError {
  return new TljhError("PLUGIN_SETTINGS_SECTION_TAKEN", {
    message: `Plugin ${plugin} and plugin ${other} both declare the section ${section} in config.yaml as theirs`,
    remedy: "Remove or disable one of the two, or let its author choose another section.",
  });
}
