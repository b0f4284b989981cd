import type { PluginRequest } from "../plugins/index.ts";
import { requirementName } from "./distributions.ts";

/** The package that a request names, with where it is from; undefined where that is known once it is installed. */
export function packageOf({ spec, kind }: PluginRequest): string | undefined {
  const name = kind === "npm" ? npmName(spec) : kind === "pip" ? requirementName(spec) : undefined;
  return name === undefined ? undefined : `${kind}:${name}`;
}

/** Of `npm:<name>`, `npm:<name>@<range>` and `npm:@<scope>/<name>@<range>`. */
function npmName(spec: string): string | undefined {
  return /^npm:((?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*)(?:@[^/:]*)?$/.exec(spec)?.[1];
}

/** Requests with others on top: of one package only the one asked for last counts. */
export function mergeRequests(
  before: readonly PluginRequest[],
  more: readonly PluginRequest[],
): PluginRequest[] {
  const all = [...before];
  for (const request of more) {
    const same = all.findIndex((one) => isSame(one, request));
    all.splice(same === -1 ? all.length : same, 1, request);
  }
  return all;
}

function isSame(one: PluginRequest, other: PluginRequest): boolean {
  const name = packageOf(one);
  return one.spec === other.spec || (name !== undefined && name === packageOf(other));
}
