import type * as z from "zod";
import { authKeyUnknown, keyDoubtful, keyUnknown, valueInvalid } from "../errors/config.ts";
import type { KeyInfo } from "./keys.ts";
import { infoAt, isSecret } from "./lookup.ts";
import { nearest } from "./near.ts";
import { dotted, type Problem } from "./problem.ts";
import { type Config, namesClass, schema } from "./schema.ts";
import type { PluginSections } from "./settings/sections.ts";
import { type Settings, settingsValues } from "./settings/values.ts";
import { shown } from "./shown.ts";

export interface Validation {
  /** The effective configuration; undefined when an error stands in its way. */
  readonly effective: Config | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Everything that is wrong with a configuration as written, and, if nothing is, its effective form.
 * What is only not finished yet (HTTPS without a certificate) is `findGaps`'s.
 */
export function validate(
  written: Readonly<Record<string, unknown>>,
  sections: PluginSections,
): Validation {
  const parsed = schema.safeParse(written);
  const plugins = [...sections].map(([name, section]): [string, Settings] => [
    name,
    settingsValues(section, written[name]),
  ]);
  const problems = [
    ...authProblems(written.auth),
    ...(parsed.error?.issues ?? []).flatMap((issue) => problemsOf(issue, written)),
    ...doubtfulKeys([], written).filter(({ path: [name = ""] }) => !sections.has(name)),
    ...doubtfulKeys(["services"], written.services),
    ...plugins.flatMap(([, settings]) => settings.problems),
  ];
  const wrong = problems.some(({ severity }) => severity === "error");
  return {
    effective: wrong ? undefined : withSettings(parsed.data, plugins),
    problems: once(problems),
  };
}

function withSettings(
  config: Config | undefined,
  plugins: readonly (readonly [section: string, Settings])[],
): Config | undefined {
  const settings = plugins.map(([section, { values }]) => [section, values]);
  return config && { ...config, ...Object.fromEntries(settings) };
}

function problemsOf(issue: z.core.$ZodIssue, written: unknown): Problem[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((name) => unknownKey([...path, name]));
  const value = valueAt(written, path);
  const info = expectation(path);
  return [
    valueInvalid(path, shown(value, isSecret(path)), info.expects, remedy(path, value, info)),
  ];
}

function unknownKey(path: readonly string[]): Problem {
  const siblings = Object.keys(infoAt(path.slice(0, -1))?.shape ?? {});
  return keyUnknown(path, nearest(path.at(-1) ?? "", siblings));
}

/** `auth` takes `type` and class names; a lower-case key can only be a mistake. */
function authProblems(auth: unknown): Problem[] {
  if (typeof auth !== "object" || auth === null || Array.isArray(auth)) return [];
  return Object.keys(auth)
    .filter((name) => name !== "type" && !namesClass(name))
    .map((name) => {
      const near = nearest(name, ["type"]);
      return near ? keyUnknown(["auth", name], near) : authKeyUnknown(["auth", name]);
    });
}

/** Keys where others may keep theirs too, which look like ours with a slip. */
function doubtfulKeys(path: readonly string[], value: unknown): Problem[] {
  if (typeof value !== "object" || value === null) return [];
  const ours = Object.keys(infoAt(path)?.shape ?? {});
  return Object.keys(value).flatMap((name) => {
    const near = ours.includes(name) ? undefined : nearest(name, ours, 1);
    return near ? [keyDoubtful([...path, name], near)] : [];
  });
}

/** What the schema says of the key, or of the nearest thing above it: an item's is its list's. */
function expectation(path: readonly string[]): Pick<KeyInfo, "expects" | "kind" | "example"> {
  const own = infoAt(path);
  if (own) return own;
  const parent = infoAt(path.slice(0, -1));
  if (parent?.kind === "texts") return { ...parent, kind: "text", expects: itemOf(parent) };
  if (parent?.each) return { ...parent, kind: "texts", expects: parent.each.list };
  const above = infoAt(path.slice(0, -2));
  if (above?.each) return { ...above, kind: "text", expects: above.each.item };
  return { kind: "section", expects: "a section with keys and values" };
}

const itemOf = ({ expects }: Pick<KeyInfo, "expects">) =>
  expects.replace(/^a list of (\w.*)s$/, "a $1");

function remedy(
  path: readonly string[],
  value: unknown,
  info: Pick<KeyInfo, "kind" | "example">,
): string {
  const name = dotted(path);
  if (info.kind === "texts") {
    const single = typeof value === "object" ? info.example : String(value);
    return `Unset it, then add each item: sudo tljh-config unset ${name}; sudo tljh-config add-item ${name} ${single ?? "ITEM"}`;
  }
  const list = dotted(path.slice(0, -1));
  if (/^\d+$/.test(path.at(-1) ?? "") && info.kind === "text")
    return `Correct the entry in the file, or remove it and add another: sudo tljh-config add-item ${list} ${info.example ?? "ITEM"}`;
  if (info.kind === "value" || info.kind === "text")
    return `Set it, for example: sudo tljh-config set ${name} ${info.example ?? "VALUE"}`;
  const [child, about] = firstKey(path);
  if (!child) return `Remove it: sudo tljh-config unset ${name}`;
  const verb = about?.kind === "texts" ? "add-item" : "set";
  return `Set its keys one by one, as in: sudo tljh-config ${verb} ${name}.${child} ${about?.example ?? "VALUE"}`;
}

/** A key of a section, for an example. */
function firstKey(path: readonly string[]): [string | undefined, KeyInfo | undefined] {
  const shape = infoAt(path)?.shape ?? {};
  const name = Object.keys(shape).find((key) => infoAt([...path, key])?.example);
  return [name, name === undefined ? undefined : infoAt([...path, name])];
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let here = value;
  for (const name of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, name)) return undefined;
    here = (here as Record<string, unknown>)[name];
  }
  return here;
}

/** One problem a path and code: a key can be found wrong by schema and rule alike. */
function once(problems: readonly Problem[]): Problem[] {
  const seen = new Map<string, Problem>();
  for (const problem of problems) {
    const id = dotted(problem.path);
    if (!seen.has(id)) seen.set(id, problem);
  }
  return [...seen.values()];
}
