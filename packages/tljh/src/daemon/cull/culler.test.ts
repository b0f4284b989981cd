import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { Culler } from "./culler.ts";
import type { CullSettings, HubUser } from "./decide.ts";
import { HttpHubApi } from "./hub-api.ts";

const settings: CullSettings = {
  enabled: true,
  timeout: 600,
  every: 7,
  concurrency: 2,
  users: false,
  max_age: 0,
  remove_named_servers: true,
  baseUrl: "/",
};

const old = "2020-01-01T00:00:00Z";
const idle = (name: string, ...servers: string[]): HubUser => ({
  name,
  last_activity: old,
  servers: Object.fromEntries(
    servers.map((server) => [server, { name: server, ready: true, last_activity: old }]),
  ),
});

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A hub that notes what it is asked, pages its users by two, and answers deletions with a status. */
async function hub(users: readonly HubUser[], status = 204) {
  const requests: string[] = [];
  const body = async (request: IncomingMessage) =>
    Buffer.concat(await request.toArray()).toString();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "", "http://x");
    requests.push(`${request.method} ${url.pathname} ${await body(request)}`.trim());
    if (request.headers.authorization !== "token t0ken")
      return void response.writeHead(403).end("no");
    if (request.method === "DELETE") return void response.writeHead(status).end();
    const offset = Number(url.searchParams.get("offset"));
    const next = offset + 2 < users.length ? { offset: offset + 2 } : null;
    const items = users.slice(offset, offset + 2);
    response.end(JSON.stringify({ items, _pagination: { next } }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { requests, url: `http://127.0.0.1:${port}/hub/api` };
}

function culler(url: string, over: Partial<CullSettings> = {}, token = "t0ken") {
  const lines: string[] = [];
  const parts = {
    readSettings: async () => ({ ...settings, ...over }),
    connect: async () => new HttpHubApi(url, token),
    log: (level: string, message: string, fields = {}) =>
      void lines.push(`${level} ${message} ${JSON.stringify(fields)}`),
  };
  return { culler: new Culler(parts), lines };
}

test("idle servers are stopped on all pages of users", async () => {
  const { requests, url } = await hub([idle("a", ""), idle("b"), idle("c/d e", "", "gpu/1")]);
  expect(await culler(url).culler.round()).toBe(7);
  expect(requests.filter((line) => line.startsWith("DELETE")).sort()).toEqual([
    "DELETE /hub/api/users/a/server",
    "DELETE /hub/api/users/c%2Fd%20e/server",
    'DELETE /hub/api/users/c%2Fd%20e/servers/gpu%2F1 {"remove":true}',
  ]);
});

test("a user is removed after the servers have stopped", async () => {
  const { requests, url } = await hub([idle("a", "")]);
  await culler(url, { users: true }).culler.round();
  expect(requests.slice(-2)).toEqual(["DELETE /hub/api/users/a/server", "DELETE /hub/api/users/a"]);
});

test("a user whose server is slow to stop is left for the next round", async () => {
  const { requests, url } = await hub([idle("a", "")], 202);
  await culler(url, { users: true }).culler.round();
  expect(requests).not.toContain("DELETE /hub/api/users/a");
});

test("one user's failure does not keep the others", async () => {
  const { requests, url } = await hub([idle("a", ""), idle("b", "")], 500);
  const { culler: some, lines } = culler(url);
  await some.round();
  expect(requests.filter((line) => line.startsWith("DELETE"))).toHaveLength(2);
  expect(lines.filter((line) => line.includes("DAEMON_HUB_API_FAILED"))).toHaveLength(2);
});

test("a hub that is down or refuses is said once, and culling goes on", async () => {
  const { url } = await hub([]);
  const { culler: some, lines } = culler(url, {}, "wrong");
  await some.round();
  expect(await some.round()).toBe(7);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/warn .*403 no/);
  expect(lines.join()).not.toContain("wrong");
});

test("nothing is asked when culling is off", async () => {
  const { requests, url } = await hub([]);
  await culler(url, { enabled: false }).culler.round();
  expect(requests).toEqual([]);
});

test("settings that cannot be read are logged, and read again later", async () => {
  const readSettings = () => Promise.reject(new Error("line 3 is broken"));
  const lines: string[] = [];
  const connect = async () => new HttpHubApi("http://127.0.0.1:1", "t");
  const some = new Culler({ readSettings, connect, log: (_, message) => lines.push(message) });
  expect(await some.round()).toBe(60);
  expect(lines).toEqual(["no servers were culled"]);
});

test("settings that have changed count before the next round is due", async () => {
  vi.useFakeTimers();
  const rounds: number[] = [];
  let every = 1000;
  const readSettings = async () => {
    rounds.push(Date.now());
    return { ...settings, every, enabled: false };
  };
  const some = new Culler({ readSettings, connect: () => Promise.reject(), log: () => {} });
  const began = Date.now();
  some.start(1000);
  every = 2;
  await some.reconsider();
  await vi.advanceTimersByTimeAsync(4500);
  some.stop();
  vi.useRealTimers();
  expect(rounds.map((time) => time - began)).toEqual([0, 2000, 4000]);
});

test("a token that cannot be read is named by its file", async () => {
  await expect(HttpHubApi.open("http://127.0.0.1:1", "/nonexistent/secret")).rejects.toMatchObject({
    code: "DAEMON_SECRET_UNREADABLE",
    message: expect.stringContaining("/nonexistent/secret"),
  });
});
