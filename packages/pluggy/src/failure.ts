import { hookFailed } from "./errors.ts";
import type { Hookimpl } from "./types.ts";

/** The end of a call that failed, so far: what was thrown, and in whose implementation. */
export class Failure {
  readonly culprit: Hookimpl;
  readonly error: unknown;

  constructor(culprit: Hookimpl, error: unknown) {
    this.culprit = culprit;
    this.error = error;
  }

  /** For the caller: an error that names plugin and hook. One that names this place already stays as it is. */
  toError(): Error {
    const { culprit, error } = this;
    const named = isOwnError(error) && error.plugin === culprit.plugin;
    return named && error.hook === culprit.hook ? error : hookFailed(culprit, error);
  }
}

/** The result of a call that has ended; throws if it failed. */
export function resultOf(ended: unknown): unknown {
  if (ended instanceof Failure) throw ended.toError();
  return ended;
}

/**
 * What a call has come to when a wrapper threw after it had ended with `before`. An exception that was only
 * passed on stays whose it was; another one gets the first as its cause, if it has none.
 */
export function failAfter(before: unknown, culprit: Hookimpl, error: unknown): Failure {
  if (!(before instanceof Failure)) return new Failure(culprit, error);
  if (Object.is(before.error, error)) return before;
  chain(error, before.error);
  return new Failure(culprit, error);
}

function chain(error: unknown, cause: unknown): void {
  if (!(error instanceof Error) || "cause" in error || leadsTo(cause, error)) return;
  Reflect.defineProperty(error, "cause", { value: cause, configurable: true, writable: true });
}

/** True if `error` stands among the causes of `from`: as the cause of `error` it would close a ring. */
function leadsTo(from: unknown, error: Error): boolean {
  const seen = new Set<unknown>();
  for (let at = from; at instanceof Error && !seen.has(at); at = at.cause) {
    if (at === error) return true;
    seen.add(at);
  }
  return false;
}

function isOwnError(cause: unknown): cause is Error & { plugin: unknown; hook: unknown } {
  return cause instanceof Error && "plugin" in cause && "hook" in cause;
}
