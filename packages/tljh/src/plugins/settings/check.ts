import { nearest } from "../../config/near.ts";
import { schema } from "../../config/schema.ts";
import type { SettingKey, SettingsDeclaration } from "../../config/settings/declaration.ts";
import { settingsInvalid, settingsSectionInvalid } from "../../errors/plugin-settings.ts";
import { checkKey } from "./check-key.ts";
import { isMap, said } from "./plain.ts";

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const MOST_KEYS = 200;

/**
 * What a plugin answered to `tljh_settings_schema`, as a declaration of which every key is known to be good.
 * Throws an error that names the plugin, and the key if it is one that is wrong.
 */
export function checkDeclaration(plugin: string, value: unknown): SettingsDeclaration {
  if (!isMap(value)) throw settingsInvalid(plugin, `it is ${said(value)}`);
  for (const name of Object.keys(value)) {
    if (name === "section" || name === "keys") continue;
    const near = nearest(name, ["section", "keys"]);
    throw settingsInvalid(plugin, `it has ${said(name)}${near ? `; did you mean ${near}?` : ""}`);
  }
  const section = checkSection(plugin, value.section);
  const { keys } = value;
  if (!isMap(keys)) throw settingsInvalid(plugin, `keys is ${said(keys)}`);
  const names = Object.keys(keys);
  if (names.length > MOST_KEYS)
    throw settingsInvalid(plugin, `it has ${names.length} keys, and ${MOST_KEYS} are allowed`);
  for (const name of names)
    if (!NAME.test(name))
      throw settingsInvalid(plugin, `${said(name)} cannot be the name of a key`);
  const checked = names.map((name): [string, SettingKey] => [
    name,
    checkKey({ plugin, key: `${section}.${name}` }, keys[name]),
  ]);
  return { section, keys: Object.fromEntries(checked) };
}

function checkSection(plugin: string, section: unknown): string {
  if (typeof section !== "string") throw settingsInvalid(plugin, `section is ${said(section)}`);
  if (!NAME.test(section))
    throw settingsSectionInvalid(plugin, said(section), "that is no name of a section");
  if (Object.hasOwn(schema.shape, section))
    throw settingsSectionInvalid(plugin, section, "that section is TLJH's own");
  return section;
}
