import { isDeepStrictEqual } from "node:util";
import { dotted } from "../config/problem.ts";
import { shownValue } from "../install/shown.ts";
import { type ConfigOutcome, type ConfigWrite, configWrites, valueAt } from "../plugins/index.ts";
import type { Difference } from "./resource.ts";

/** A key of `config.yaml` that changes, and who is behind it. */
export interface ConfigDifference extends Difference {
  readonly path: readonly string[];
  /** Set where a plugin takes the place of what the admin has set. */
  readonly overwritten?: true;
}

/** Every key that changes; `formerly` says which plugins wrote a key at an earlier time. */
export function configDifferences(
  config: ConfigOutcome,
  formerly: (path: readonly string[]) => string | undefined,
): readonly ConfigDifference[] {
  return configWrites(config.file, config.after).map((write) => {
    const plugin = writerOf(write, config);
    const before = plugin === undefined ? formerly(write.path) : undefined;
    const overwritten = plugin !== undefined && isAdmins(write, config);
    // An admin's own flag speaks for itself; what plugins put somewhere is shown.
    const values = plugin === undefined && before === undefined ? "" : `: ${shownWrite(write)}`;
    return {
      action: actionOf(write),
      what: `${dotted(write.path)}${values}${overwritten ? ", set by the admin" : ""}`,
      path: write.path,
      ...(plugin !== undefined && { because: plugin }),
      ...(before !== undefined && { formerly: before }),
      ...(overwritten && { overwritten }),
    };
  });
}

const actionOf = ({ before, value }: ConfigWrite) => {
  if (value === undefined) return "remove";
  return before === undefined ? "add" : "change";
};

/** The last plugin that wrote the key itself, or what it is part of. */
function writerOf({ path }: ConfigWrite, { plugins }: ConfigOutcome): string | undefined {
  const isAbout = (write: ConfigWrite) => {
    const shorter = Math.min(write.path.length, path.length);
    return isDeepStrictEqual(write.path.slice(0, shorter), path.slice(0, shorter));
  };
  return plugins.findLast(({ writes }) => writes.some(isAbout))?.plugin;
}

/** Whether what stands there is the admin's own; what a plugin wrote may go and come. */
function isAdmins({ path, before }: ConfigWrite, { admin }: ConfigOutcome): boolean {
  return before !== undefined && isDeepStrictEqual(valueAt(admin, path), before);
}

function shownWrite({ path, before, value }: ConfigWrite): string {
  const shown = [before, value].filter((one) => one !== undefined);
  return shown.map((one) => shownValue(path, one)).join(" → ");
}
