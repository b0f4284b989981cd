import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Dispatcher, errors, request } from "undici";
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
  readonly client: Dispatcher;
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
    dispatcher: options.client,
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
    body: transientBody(response.body, url),
    discard: () => response.body.dump().catch(() => {}),
  };
}

async function send(
  address: string,
  options: Parameters<typeof request>[1],
): ReturnType<typeof request> {
  try {
    return await request(address, options);
  } catch (error) {
    throw asTransient(error, address);
  }
}

async function* transientBody(body: AsyncIterable<Buffer>, url: string): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    throw asTransient(error, url);
  }
}

/** All that the network can do to a request may pass; an aborted one has been stopped on purpose. */
function asTransient(error: unknown, url: string): unknown {
  const isAbort = error instanceof Error && error.name === "AbortError";
  const isMistake = error instanceof errors.InvalidArgumentError;
  if (isAbort || isMistake) return error;
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
