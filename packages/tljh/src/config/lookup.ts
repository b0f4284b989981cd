import { infoOf, type KeyInfo } from "./keys.ts";
import { schema } from "./schema.ts";
import { isTextSetting, type PluginSections } from "./settings/sections.ts";

const SECRET = /(^|_)(password|passwd|secret|token)s?$/i;
const TEXT_TRAITS =
  /(^|_)(password|passwd|secret|token|client_id|username|url|domain|host|address|scope)$|^(allowed|blocked|admin)_users$/i;

/** Whether a key's value must not be repeated in messages. */
export const isSecret = (path: readonly PropertyKey[]) => SECRET.test(String(path.at(-1) ?? ""));

/** What is known of the key at a path; undefined for a plugin's, an unknown one, or an entry of a list. */
export function infoAt(path: readonly PropertyKey[]): KeyInfo | undefined {
  let info = infoOf(schema);
  for (const step of path) {
    const shape: KeyInfo["shape"] = info?.shape;
    const next = shape && Object.hasOwn(shape, step) ? shape[String(step)] : undefined;
    if (next === undefined) return undefined;
    info = infoOf(next);
  }
  return info;
}

/** Whether the scalar at a path, or an item of the list there, is text whatever it looks like. */
export const holdsText =
  (sections: PluginSections) =>
  (path: readonly PropertyKey[]): boolean =>
    isTextSetting(path, sections) || isOwnText(path);

function isOwnText(path: readonly PropertyKey[]): boolean {
  const own = infoAt(path);
  if (own) return own.kind === "text" || own.kind === "texts";
  const parent = path.slice(0, -1);
  const above = infoAt(parent);
  if (above?.kind === "texts" || above?.kind === "map of texts") return true;
  if (infoAt(path.slice(0, -2))?.kind === "map of texts") return true;
  return path[0] === "auth" && (isTextTrait(path) || isTextTrait(parent));
}

const isTextTrait = (path: readonly PropertyKey[]) =>
  path.length === 3 && TEXT_TRAITS.test(String(path[2]));
