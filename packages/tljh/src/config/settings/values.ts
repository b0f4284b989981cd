import { keyUnknown, valueInvalid } from "../../errors/config.ts";
import { isSecret } from "../lookup.ts";
import { nearest } from "../near.ts";
import { dotted, type Problem } from "../problem.ts";
import { shown } from "../shown.ts";
import type { SettingKey, SettingsDeclaration } from "./declaration.ts";
import { exampleOf } from "./example.ts";
import { fit } from "./fit.ts";

export interface Settings {
  /** What stands in the section, with defaults for what is absent or does not fit. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
}

/**
 * A plugin's settings out of its section of config.yaml. A key written without a value counts as not
 * written; one with neither value nor default is absent.
 */
export function settingsValues(declaration: SettingsDeclaration, written: unknown): Settings {
  const { section, keys } = declaration;
  const isSection = typeof written === "object" && written !== null && !Array.isArray(written);
  const present: Readonly<Record<string, unknown>> = isSection ? { ...written } : {};
  const problems: Problem[] = isSection || written == null ? [] : [noSection(declaration, written)];
  const unknown = Object.keys(present).filter((name) => !Object.hasOwn(keys, name));
  const values: Record<string, unknown> = {};
  for (const [name, key] of Object.entries(keys)) {
    const value = Object.hasOwn(present, name) ? present[name] : undefined;
    const fitted = fit(key, value ?? key.default);
    if ("value" in fitted) values[name] = structuredClone(fitted.value);
    else if (key.default !== undefined) values[name] = structuredClone(key.default);
    if ("wrong" in fitted && value != null)
      problems.push(misfit([section, name, ...fitted.at], key, fitted));
  }
  problems.push(...unknown.map((name) => unknownKey(section, name, Object.keys(keys))));
  return { values, problems: problems.map((one) => ({ ...one, severity: "tolerated" })) };
}

const unknownKey = (section: string, name: string, known: readonly string[]) =>
  keyUnknown([section, name], nearest(name, known));

function misfit(
  path: readonly string[],
  key: SettingKey,
  { wrong, expects }: { readonly wrong: unknown; readonly expects: string },
): Problem {
  const secret = key.secret === true || isSecret(path);
  return valueInvalid(path, shown(wrong, secret), expects, remedyOf(path, key, wrong));
}

/** `path` goes on to an item of a list or map where that is what does not fit. */
function remedyOf(path: readonly string[], key: SettingKey, wrong: unknown): string {
  const name = dotted(path.slice(0, 2));
  const example = exampleOf(key);
  if (key.type === "array") {
    if (path.length > 2)
      return `Correct the item in the file, or remove it and add another: sudo tljh-config add-item ${name} ${example}`;
    const single = typeof wrong === "object" || key.secret ? example : String(wrong);
    return `Unset it, then add each item: sudo tljh-config unset ${name}; sudo tljh-config add-item ${name} ${single}`;
  }
  if (key.type === "object")
    return `Set its keys one by one, as in: sudo tljh-config set ${path.length > 2 ? dotted(path) : `${name}.NAME`} ${example}`;
  return `Set it, for example: sudo tljh-config set ${name} ${example}`;
}

function noSection({ section, keys }: SettingsDeclaration, written: unknown): Problem {
  const [[name, key] = ["KEY", undefined]] = Object.entries(keys);
  const expects = `a section with the keys ${Object.keys(keys).join(", ")}`;
  const verb = key?.type === "array" ? "add-item" : "set";
  return valueInvalid(
    [section],
    shown(written, false),
    expects,
    `Set its keys one by one, as in: sudo tljh-config ${verb} ${section}.${name} ${key ? exampleOf(key) : "VALUE"}`,
  );
}
