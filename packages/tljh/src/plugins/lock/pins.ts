import type { PluginRequest } from "../classify.ts";
import type { Locked, LockedPlugin, NpmTree, PluginLock } from "./format.ts";
import { publicSpec } from "./public-spec.ts";

/**
 * As what plugins are installed: a plugin that has a pin at its version and with its content, and
 * again where it is there as something else; one without as its spec allows, once.
 */
export interface PluginPins {
  readonly plugins: readonly LockedPlugin[];
  /** The dependencies of those from npm. */
  readonly npm: NpmTree | null;
}

export const noPins: PluginPins = { plugins: [], npm: null };

/** What a lock pins, without the specs that are asked for anew. */
export function pinsOf(lock: PluginLock | null, anew: readonly string[] = []): PluginPins {
  if (lock === null) return noPins;
  const free = new Set(anew.map(publicSpec));
  return { plugins: lock.plugins.filter((one) => !free.has(one.spec)), npm: lock.npm ?? null };
}

/** The pin of a request; addresses in pins hold no passwords. */
export function pinOf<Kind extends PluginRequest["kind"]>(
  pins: PluginPins,
  request: { readonly spec: string; readonly kind: Kind },
): Locked<Kind> | undefined {
  const spec = publicSpec(request.spec);
  return pins.plugins.find(
    (one): one is Locked<Kind> => one.spec === spec && one.kind === request.kind,
  );
}
