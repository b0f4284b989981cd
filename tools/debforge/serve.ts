import { open, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, posix } from "node:path";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";

/** Something that goes wrong on purpose. Paths begin with a slash. */
export type Fault =
  /** Answers with this status, `times` times (default: always). */
  | {
      readonly kind: "status";
      readonly path: string;
      readonly status: number;
      readonly times?: number;
    }
  /** Changes the byte at this offset. */
  | {
      readonly kind: "damage";
      readonly path: string;
      readonly offset: number;
      readonly times?: number;
    }
  /** Closes the connection after so many bytes of the body. */
  | {
      readonly kind: "cut";
      readonly path: string;
      readonly bytes: number;
      readonly times?: number;
    };

export interface ServeOptions {
  readonly directory: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Where to listen; only this machine unless told otherwise. */
  readonly host?: string;
  readonly faults?: readonly Fault[];
}

export interface StaticServer {
  readonly port: number;
  readonly url: string;
  /** Every request so far, as `METHOD path status`. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".json": "application/json",
  ".zst": "application/zstd",
  ".bz2": "application/x-bzip2",
};

interface Range {
  readonly start: number;
  /** The last byte, included. */
  readonly end: number;
}

/** One range of bytes (RFC 9110, 14.2); "bad" if none of it is there, undefined if not understood. */
export function parseRange(header: string | undefined, size: number): Range | "bad" | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (!match) return undefined;
  const [, from = "", to = ""] = match;
  if (from === "" && to === "") return undefined;
  if (from === "") {
    const length = Math.min(Number(to), size);
    return length === 0 ? "bad" : { start: size - length, end: size - 1 };
  }
  const start = Number(from);
  const end = to === "" ? size - 1 : Math.min(Number(to), size - 1);
  return start >= size || start > end ? "bad" : { start, end };
}

async function findFile(directory: string, path: string) {
  const inside = posix.normalize(`/${path}`);
  const file = join(directory, inside);
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory()) {
    if (!inside.endsWith("/")) return { redirect: `${inside}/` };
    const index = join(file, "index.html");
    const page = await stat(index).catch(() => undefined);
    return page ? { file: index, status: page } : undefined;
  }
  return found && !inside.endsWith("/") ? { file, status: found } : undefined;
}

async function* body(file: string, range: Range, faults: readonly Fault[]) {
  const handle = await open(file);
  let at = range.start;
  try {
    const stream = handle.createReadStream({ ...range, autoClose: false });
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      for (const fault of faults) {
        if (fault.kind === "damage" && fault.offset >= at && fault.offset < at + chunk.length)
          chunk[fault.offset - at] = (chunk[fault.offset - at] ?? 0) ^ 0xff;
        if (fault.kind === "cut" && at - range.start + chunk.length > fault.bytes) {
          yield chunk.subarray(0, Math.max(0, fault.bytes - (at - range.start)));
          return;
        }
      }
      yield chunk;
      at += chunk.length;
    }
  } finally {
    await handle.close();
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  directory: string,
  faults: readonly Fault[],
): Promise<void> {
  const end = (status: number, headers: Record<string, string | number> = {}) => {
    response.writeHead(status, { "content-length": 0, ...headers });
    response.end();
  };
  const { method = "GET", headers } = request;
  if (method !== "GET" && method !== "HEAD") return end(405, { allow: "GET, HEAD" });
  const broken = faults.find((one) => one.kind === "status");
  if (broken) return end(broken.status, { "retry-after": 0 });
  const found = await findFile(directory, pathOf(request));
  if (!found) return end(404);
  if (found.redirect !== undefined) return end(301, { location: found.redirect });
  const { file, status } = found;
  const etag = `"${status.size.toString(16)}-${Math.round(status.mtimeMs).toString(16)}"`;
  const common = {
    etag,
    "last-modified": status.mtime.toUTCString(),
    "accept-ranges": "bytes",
    "content-type": TYPES[posix.extname(file)] ?? "application/octet-stream",
  };
  const known = headers["if-none-match"]?.split(",").map((one) => one.trim().replace(/^W\//, ""));
  if (known?.some((one) => one === etag || one === "*")) return notModified(response, common);
  const whole = headers["if-range"] !== undefined && headers["if-range"] !== etag;
  const range = whole ? undefined : parseRange(headers.range, status.size);
  if (range === "bad") return end(416, { "content-range": `bytes */${status.size}` });
  const { start, end: last } = range ?? { start: 0, end: status.size - 1 };
  const partial = range ? { "content-range": `bytes ${start}-${last}/${status.size}` } : undefined;
  response.writeHead(range ? 206 : 200, {
    ...common,
    ...partial,
    "content-length": last - start + 1,
  });
  if (method === "HEAD" || status.size === 0) return void response.end();
  const bytes = body(file, { start, end: last }, faults);
  const cut = faults.some((one) => one.kind === "cut");
  await pipeline(bytes, response, { end: !cut }).catch(() => response.destroy());
  // What was written still arrives; then the client learns that no more will come.
  if (cut) response.socket?.end();
}

function notModified(response: ServerResponse, headers: Record<string, string>): void {
  response.writeHead(304, headers);
  response.end();
}

/** The path of a request, decoded; an illegal one is a path that no file has. */
function pathOf(request: IncomingMessage): string {
  const [path = "/"] = (request.url ?? "/").split("?");
  try {
    return decodeURIComponent(path);
  } catch {
    return "/\0";
  }
}

/** The faults that apply to a path; each use is counted. */
function takeFaults(faults: readonly Fault[], used: Map<Fault, number>, path: string): Fault[] {
  return faults.filter((fault) => {
    if (fault.path !== path) return false;
    const count = (used.get(fault) ?? 0) + 1;
    used.set(fault, count);
    return fault.times === undefined || count <= fault.times;
  });
}

function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });
}

/** Serves a directory over HTTP, with ranges, entity tags and faults on request. */
export async function serve(options: ServeOptions): Promise<StaticServer> {
  const { directory, port = 0, host = "127.0.0.1", faults = [] } = options;
  const requests: string[] = [];
  const used = new Map<Fault, number>();
  const server = createServer((request, response) => {
    const path = pathOf(request);
    response.on("close", () => requests.push(`${request.method} ${path} ${response.statusCode}`));
    answer(request, response, directory, takeFaults(faults, used, path)).catch(() => {
      if (!response.headersSent) response.writeHead(404, { "content-length": 0 });
      response.end();
    });
  });
  const address = await listen(server, port, host);
  return {
    port: address.port,
    url: `http://${host}:${address.port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** `--status /path=503`, `--damage /path=1000`, `--cut /path=1000`. */
function parseFaults(kind: Fault["kind"], given: readonly string[]): Fault[] {
  return given.map((text): Fault => {
    const equals = text.lastIndexOf("=");
    const path = text.slice(0, equals);
    const value = Number(text.slice(equals + 1));
    if (kind === "status") return { kind, path, status: value };
    return kind === "damage" ? { kind, path, offset: value } : { kind, path, bytes: value };
  });
}

async function main(): Promise<void> {
  const many = { type: "string", multiple: true, default: [] as string[] } as const;
  const { values } = parseArgs({
    options: {
      directory: { type: "string" },
      port: { type: "string", default: "0" },
      host: { type: "string", default: "127.0.0.1" },
      status: many,
      damage: many,
      cut: many,
    },
  });
  if (!values.directory) throw new Error("--directory is needed");
  const faults = [
    ...parseFaults("status", values.status),
    ...parseFaults("damage", values.damage),
    ...parseFaults("cut", values.cut),
  ];
  const { directory, host } = values;
  const server = await serve({ directory, host, port: Number(values.port), faults });
  process.stdout.write(`${server.port}\n`);
}

if (import.meta.main) await main();
