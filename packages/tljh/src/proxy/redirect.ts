import { createServer, type Server } from "node:http";

/** Where a request to http belongs on https; null when it names no host that could be gone to. */
export function httpsLocation(
  host: string | undefined,
  url: string | undefined,
  port: number,
): string | null {
  const name = /^([\w.-]+|\[[\da-fA-F:.]+\])(?::\d+)?$/.exec(host ?? "")?.[1];
  if (name === undefined || !url?.startsWith("/")) return null;
  return `https://${name}${port === 443 ? "" : `:${port}`}${url}`;
}

/** A server that sends everybody to https. The way is not remembered: https can be turned off again. */
export function redirectServer(port: number): Server {
  return createServer((request, response) => {
    const location = httpsLocation(request.headers.host, request.url, port);
    if (location === null) {
      response.writeHead(400, { "content-type": "text/plain" });
      response.end("This server is reached by https, under its name.\n");
      return;
    }
    response.writeHead(307, { location, "cache-control": "no-store" });
    response.end();
  });
}
