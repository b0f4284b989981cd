import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { testFolder } from "../../test/support/folder.ts";
import { testServer, withoutWaiting } from "../../test/support/server.ts";
import type { CondaEvent } from "../events.ts";
import { createHttpClient } from "../fetch/client.ts";
import { RepodataCache } from "./repodata-cache.ts";
import { RepodataFetcher } from "./repodata-fetcher.ts";

const DAY = 24 * 3600 * 1000;

/** Answers 304 to whoever has the current version. */
function serveTagged(headers: Record<string, string>) {
  return (request: IncomingMessage, response: ServerResponse) => {
    const isSame = request.headers["if-none-match"] === headers.etag;
    response.writeHead(isSame ? 304 : 200, headers).end(isSame ? "" : "{}");
  };
}

/** Each `fetcher` is a new run of the program on the same disk. */
async function testCache() {
  const directory = testFolder();
  const client = createHttpClient({ environment: {} });
  onTestFinished(() => client.close());
  const events: CondaEvent[] = [];
  const fetcher = (now: number) =>
    new RepodataFetcher({
      client,
      cache: new RepodataCache(directory),
      onEvent: (event) => events.push(event),
      retry: { ...withoutWaiting, attempts: 2 },
      now: () => now,
    });
  const read = async (url: string, now = DAY) => (await fetcher(now).read(url))?.toString();
  return { directory, events, fetcher, read };
}

describe("RepodataFetcher", () => {
  it("asks for each URL once in a run", async () => {
    const server = await testServer((_, response) => void response.end("{}"));
    const { fetcher } = await testCache();
    const one = fetcher(DAY);
    await Promise.all([one.read(server.url), one.read(server.url)]);
    expect(server.requests).toHaveLength(1);
  });

  it("asks nothing while an answer is fresh, and then only whether it has changed", async () => {
    const statuses: number[] = [];
    const serve = serveTagged({ etag: '"1"', "cache-control": "public, max-age=60" });
    const server = await testServer((request, response) => {
      serve(request, response);
      statuses.push(response.statusCode);
    });
    const { read } = await testCache();
    for (const now of [DAY, DAY + 59_000, DAY + 61_000, DAY + 62_000]) {
      expect(await read(server.url, now)).toBe("{}");
    }
    expect(statuses).toEqual([200, 304]);
  });

  it("never asks again for a shard, whose name is its hash", async () => {
    const server = await testServer((_, response) => void response.end("x"));
    const { read } = await testCache();
    const url = `${server.url}/${createHash("sha256").update("x").digest("hex")}.msgpack.zst`;
    await read(url);
    await read(url, 20 * DAY);
    expect(server.requests).toHaveLength(1);
  });

  it("refuses a shard that is not what its name says, and does not keep it", async () => {
    const server = await testServer((_, response) => void response.end("a login page"));
    const { read, directory } = await testCache();
    const shard = read(`${server.url}/${"a".repeat(64)}.msgpack.zst`);
    await expect(shard).rejects.toMatchObject({ code: "CONDA_REPODATA_DAMAGED" });
    expect(readdirSync(directory)).toEqual([]);
  });

  it("uses the copy from before, with a warning, when the channel cannot be reached", async () => {
    const server = await testServer((_, response) => void response.end("{}"));
    const { read, events } = await testCache();
    await read(server.url);
    await server.close();
    expect(await read(server.url, 2 * DAY)).toBe("{}");
    expect(events.at(-2)).toMatchObject({ type: "warning", code: "CONDA_REPODATA_STALE" });
  });

  it("says why a channel that was never read cannot be reached", async () => {
    const server = await testServer(() => {});
    await server.close();
    const { read, events } = await testCache();
    await expect(read(`${server.url}/x`)).rejects.toMatchObject({
      code: "CONDA_CHANNEL_UNREACHABLE",
      message: expect.stringMatching(`${server.url}/x: connect ECONNREFUSED`),
    });
    expect(events).toMatchObject([{ type: "retry", attempt: 2 }]);
  });

  it("tells what is not there from what is forbidden", async () => {
    const server = await testServer((request, response) => {
      response.writeHead(request.url === "/none" ? 404 : 403).end();
    });
    const { read } = await testCache();
    expect(await read(`${server.url}/none`)).toBeUndefined();
    await expect(read(`${server.url}/secret`)).rejects.toMatchObject({
      code: "CONDA_CHANNEL_FORBIDDEN",
    });
  });

  it("forgets a copy of what the channel no longer has, and knows that when it cannot ask", async () => {
    let status = 200;
    const server = await testServer((_, response) => void response.writeHead(status).end("{}"));
    const { read, events } = await testCache();
    await read(server.url);
    status = 404;
    expect(await read(server.url, 2 * DAY)).toBeUndefined();
    await server.close();
    expect(await read(server.url, 3 * DAY)).toBeUndefined();
    expect(events.filter(({ type }) => type === "warning")).toEqual([]);
  });

  it("does not wait again for a server that kept it waiting for nothing", async () => {
    const server = await testServer((_, response) => void response.end("{}"));
    const { fetcher, events } = await testCache();
    for (const path of ["a", "b"]) await fetcher(DAY).read(`${server.url}/${path}`);
    await server.close();
    const offline = fetcher(2 * DAY);
    for (const path of ["a", "b"]) await offline.read(`${server.url}/${path}`);
    expect(events.filter(({ type }) => type === "retry")).toHaveLength(1);
  });

  it("keeps nothing of an answer that broke off", async () => {
    const server = await testServer((_, response) => {
      response.writeHead(200, { "content-length": 100 });
      response.write("half", () => response.destroy());
    });
    const { read, directory } = await testCache();
    await expect(read(server.url)).rejects.toMatchObject({ code: "CONDA_CHANNEL_UNREACHABLE" });
    expect(readdirSync(directory)).toEqual([]);
  });

  it("removes what nobody has asked for in a month", async () => {
    const server = await testServer((_, response) => void response.end("{}"));
    const { read, directory } = await testCache();
    await read(server.url);
    await new RepodataCache(directory).open(Date.now() + 29 * DAY);
    expect(readdirSync(directory)).toHaveLength(2);
    await new RepodataCache(join(directory)).open(Date.now() + 31 * DAY);
    expect(readdirSync(directory)).toHaveLength(0);
  });
});
