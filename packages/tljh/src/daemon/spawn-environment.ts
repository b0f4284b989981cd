import type { RefusedVariable } from "../errors/user-hooks.ts";
import { unusableVariables } from "../system/transient.ts";

export type Environment = Readonly<Record<string, string>>;

/** What of a plugin's changes a server is started with. */
export interface AcceptedEnvironment {
  readonly environment: Environment;
  readonly refused: readonly RefusedVariable[];
}

/** Linux takes 128 KiB for one variable (MAX_ARG_STRLEN), and for all a part of the stack's limit. */
const mostBytes = 100 * 1024;
const mostBytesOfAll = 1024 * 1024;

/** JupyterHub's own: the server's token, and where hub and server find one another. */
const hubOwn = /^(?:JUPYTERHUB|JPY)_/;

/** `before` with the changes that `after` makes to it, but for those that a server cannot be started with. */
export function acceptEnvironment(
  before: Environment,
  after: Readonly<Record<string, unknown>>,
): AcceptedEnvironment {
  const taken = new Map(Object.entries(before));
  const refused: RefusedVariable[] = [];
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const value = Object.hasOwn(after, name) ? after[name] : undefined;
    if (value === taken.get(name)) continue;
    const why = objection(name, value);
    if (why !== null) refused.push({ name, why });
    else if (typeof value === "string") taken.set(name, value);
    else taken.delete(name);
  }
  if (bytesOf(taken) > Math.max(mostBytesOfAll, bytesOf(new Map(Object.entries(before)))))
    return { environment: before, refused: [{ name: "", why: "all together are too long" }] };
  return { environment: Object.fromEntries(taken), refused };
}

/** Why a variable cannot be changed to a value, or removed where that is undefined; null if it can. */
function objection(name: string, value: unknown): string | null {
  if (hubOwn.test(name)) return "is JupyterHub's own";
  if (value === undefined) return null;
  if (typeof value !== "string") return "is not a string";
  if (unusableVariables({ [name]: "" }).length > 0) return "is no name of a variable";
  if (unusableVariables({ [name]: value }).length > 0) return "has a NUL character in it";
  if (Buffer.byteLength(value) > mostBytes) return `is longer than ${mostBytes} bytes`;
  return null;
}

function bytesOf(environment: ReadonlyMap<string, string>): number {
  let bytes = 0;
  for (const [name, value] of environment)
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value);
  return bytes;
}
