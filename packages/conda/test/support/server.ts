import { existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export interface TestServer {
  readonly url: string;
  /** `METHOD path` of each request so far. */
  readonly requests: string[];
  close(): Promise<void>;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** An HTTP server on a free port that is stopped when the test is over. */
export async function testServer(handler: Handler): Promise<TestServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, close };
}

/** Serves texts and bytes by path; anything else is 404. */
export function serveFiles(files: Readonly<Record<string, string | Uint8Array>>): Handler {
  return (request, response) => {
    const content = files[request.url ?? ""];
    response.statusCode = content === undefined ? 404 : 200;
    response.end(content ?? "");
  };
}

/** Serves the files of a folder below a path; anything else is 404. */
export function serveFolder(folder: string, at: string): Handler {
  return (request, response) => {
    const path = request.url ?? "";
    const file = join(folder, path.slice(at.length));
    const isThere = path.startsWith(`${at}/`) && existsSync(file);
    response.writeHead(isThere ? 200 : 404).end(isThere ? readFileSync(file) : "");
  };
}

/** In place of waiting between attempts. */
export const withoutWaiting = { wait: async () => {} };
