import { setTimeout as sleep } from "node:timers/promises";

/** A failure that may pass if one waits: no connection, a timeout, a server that is overloaded. */
export class TransientError extends Error {
  /** What the server asks for in `Retry-After`, in milliseconds. */
  readonly retryAfter: number | undefined;

  constructor(message: string, options: { cause?: unknown; retryAfter?: number | undefined } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "TransientError";
    this.retryAfter = options.retryAfter;
  }
}

export interface RetryOptions {
  readonly attempts?: number;
  readonly signal?: AbortSignal | undefined;
  /** Told before each further attempt. */
  onRetry?(attempt: number, error: TransientError): void;
  /** In place of a real wait, in tests. */
  wait?(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;

/** Runs a task again after each TransientError, waiting twice as long each time. The last one is thrown. */
export async function withRetries<T>(
  task: (attempt: number) => Promise<T>,
  options: RetryOptions = {},
): Promise<T> {
  const attempts = options.attempts ?? 5;
  const wait = options.wait ?? waitFor;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await task(attempt);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof TransientError) || attempt >= attempts) throw error;
      options.onRetry?.(attempt + 1, error);
      await wait(waitTime(attempt, error), options.signal);
    }
  }
}

/** Up to half of the wait is by chance, so that many clients do not come back at once. */
function waitTime(attempt: number, error: TransientError): number {
  const grown = FIRST_WAIT * 2 ** (attempt - 1);
  const asked = error.retryAfter ?? grown * (0.5 + Math.random() / 2);
  return Math.min(asked, LONGEST_WAIT);
}

async function waitFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
}
