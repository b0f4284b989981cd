import { isExplained } from "../../errors/error.ts";
import { pluginFailed } from "../../errors/plugin-hosts.ts";
import { definitionOf, type Place, placeOf, type SourceFiles } from "./place.ts";

/** One thing that is wrong with a plugin. */
export interface Problem {
  /** Null where it is not known which of a package's plugins it is. */
  readonly plugin: string | null;
  readonly hook: string | null;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly place: Place | null;
}

/** An error, with the place in the plugin's code that it is about. */
export async function problemOf(
  error: unknown,
  { plugin, hook }: Pick<Problem, "plugin" | "hook">,
  files: SourceFiles,
): Promise<Problem> {
  const { code, message, remedy } = isExplained(error) ? error : pluginFailed(error);
  const named = hook ?? /\btljh_[a-z_]+\b/.exec(withoutPaths(message))?.[0];
  const place = placeOf(error, files) ?? (await placeOfHook(named, plugin, files));
  return { plugin, hook, code, message: asKnown(message, files), remedy, place };
}

const withoutPaths = (message: string) => message.replaceAll(/\S*[/.]\S*/g, "");

async function placeOfHook(
  hook: string | undefined,
  plugin: string | null,
  files: SourceFiles,
): Promise<Place | null> {
  return hook === undefined ? null : definitionOf(hook, plugin, files);
}

/** With the author's own folder in the place of the copy's, which is gone by the time anybody looks. */
function asKnown(message: string, { copies, original }: SourceFiles): string {
  return copies.reduce(
    (text, copy) => text.replaceAll(original === null ? `${copy}/` : copy, original ?? ""),
    message,
  );
}
