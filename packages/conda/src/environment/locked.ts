import { dirname } from "node:path";
import { isMainThread } from "node:worker_threads";
import { CondaError } from "../errors.ts";
import { diskFull, isDiskFull } from "../fetch/messages.ts";
import { aborted } from "../prefix/errors.ts";
import { lockPrefix, type PrefixLock } from "../stage/lock.ts";

export interface LockedOptions {
  readonly prefix: string;
  readonly signal?: AbortSignal;
}

/** Does what changes a prefix: nobody else does so meanwhile, and what fails is explained. */
export async function withLockedPrefix<T>(
  options: LockedOptions,
  action: (lock: PrefixLock) => Promise<T>,
): Promise<T> {
  try {
    using lock = lockPrefix(options.prefix);
    using _umask = readableByAll();
    return await action(lock);
  } catch (error) {
    throw explained(error, options);
  }
}

function explained(error: unknown, { prefix, signal }: LockedOptions): unknown {
  if (error instanceof CondaError) return error;
  if (signal?.aborted) return aborted(error);
  return isDiskFull(error) ? diskFull(dirname(prefix), error) : error;
}

/** An admin's own `umask` must not keep the users out of their environment. */
function readableByAll(): Disposable {
  if (!isMainThread) return { [Symbol.dispose]: () => {} };
  const previous = process.umask(0o022);
  return { [Symbol.dispose]: () => void process.umask(previous) };
}
