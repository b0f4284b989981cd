import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { request as undiciRequest } from "undici";
import type { HttpClient } from "./client.ts";
import { redactUrl, withCredentials } from "./credentials.ts";
import { TransientError } from "./retry.ts";

export interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: AsyncIterable<Buffer>;
  /** Lets go of a body that is not wanted. */
  discard(): Promise<void>;
}

export interface RequestOptions {
  readonly client: HttpClient;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * GETs `http:`, `https:` and `file:` alike. What may pass (no connection, a timeout, HTTP 408, 429
 * and 5xx, a body that breaks off) is thrown as TransientError; every other status is an answer.
 */
export async function getUrl(url: string, options: RequestOptions): Promise<Answer> {
  return url.startsWith("file:") ? getFile(url) : getHttp(url, options);
}

async function getFile(url: string): Promise<Answer> {
  const path = fileURLToPath(url);
  try {
    const handle = await open(path);
    const { size } = await handle.stat();
    const body = createReadStream(path, { fd: handle, highWaterMark: 1 << 20 });
    const headers = new Map([["content-length", String(size)]]);
    return { status: 200, headers, body, discard: async () => void body.destroy() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return { status: 404, headers: new Map(), body: none(), discard: async () => {} };
  }
}

async function* none(): AsyncGenerator<Buffer> {}

async function getHttp(url: string, options: RequestOptions): Promise<Answer> {
  const { address, authorization } = splitCredentials(withCredentials(url));
  const response = await send(address, {
    dispatcher: await options.client.dispatcher(),
    signal: options.signal ?? null,
    headers: { "user-agent": "conda-prefix/2", ...authorization, ...options.headers },
  });
  const headers = new Map(
    Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
  );
  if (isTransientStatus(response.statusCode)) {
    await response.body.dump().catch(() => {});
    throw new TransientError(`HTTP ${response.statusCode} from ${redactUrl(url)}`, {
      retryAfter: retryAfter(headers.get("retry-after")),
    });
  }
  return {
    status: response.statusCode,
    headers,
    body: transientBody(response.body, url, options.signal),
    discard: () => response.body.dump().catch(() => {}),
  };
}

type RequestInput = NonNullable<Parameters<typeof undiciRequest>[1]>;

async function send(address: string, options: RequestInput): ReturnType<typeof undiciRequest> {
  const { request } = await import("undici");
  try {
    return await request(address, options);
  } catch (error) {
    throw asTransient(error, address, options.signal);
  }
}

async function* transientBody(
  body: AsyncIterable<Buffer>,
  url: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    throw asTransient(error, url, signal);
  }
}

/** All that the network can do to a request may pass; what was stopped on purpose or asked wrongly may not. */
function asTransient(error: unknown, url: string, signal: unknown): unknown {
  const isStopped = signal instanceof AbortSignal && signal.aborted;
  const isMistake = (error as NodeJS.ErrnoException).code === "UND_ERR_INVALID_ARG";
  if (isStopped || isMistake) return error;
  return new TransientError(`no answer from ${redactUrl(url)}`, { cause: error });
}

function isTransientStatus(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501);
}

/** Seconds, or a date (RFC 9110, 10.2.3), as milliseconds from now. */
function retryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

function splitCredentials(url: string): {
  address: string;
  authorization: Record<string, string>;
} {
  const parsed = new URL(url);
  if (parsed.username === "") return { address: url, authorization: {} };
  const pair = `${decodeURIComponent(parsed.username)}:${decodeURIComponent(parsed.password)}`;
  parsed.username = "";
  parsed.password = "";
  const authorization = `Basic ${Buffer.from(pair).toString("base64")}`;
  return { address: parsed.href, authorization: { authorization } };
}
