import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, request as httpRequest, type Server } from "node:http";
import { request as httpsRequest } from "node:https";
import { type AddressInfo, connect, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type ProxyConfiguration, readConfiguration, readSecret } from "./configuration.ts";
import { listenProblem } from "./listen.ts";
import { prepare } from "./prepare.ts";
import { WebProxy } from "./proxy.ts";
import { RouteStore } from "./routes.ts";
import { readTls } from "./tls.ts";

let keys: string;
let folder: string;
let open: { stop(): unknown }[];
let lines: string[];

beforeAll(() => {
  keys = mkdtempSync(join(tmpdir(), "proxy-keys-"));
  for (const name of ["one", "two"]) {
    const [key, cert] = [join(keys, `${name}.key`), join(keys, `${name}.cert`)];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
    const args = ["req", "-x509", ...curve, "-nodes", "-subj", "/CN=localhost", "-days", "2"];
    execFileSync("openssl", [...args, "-keyout", key, "-out", cert], { stdio: "ignore" });
  }
});
afterAll(() => rmSync(keys, { recursive: true }));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "proxy-"));
  open = [];
  lines = [];
});
afterEach(async () => {
  for (const one of open.reverse()) await one.stop();
  rmSync(folder, { recursive: true });
});

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A server that answers with its name and what it was asked. */
async function backend(name: string): Promise<{ url: string; server: Server; stop(): void }> {
  const server = createServer((request, response) => {
    const proto = request.headers["x-forwarded-proto"];
    response.end(`${name} ${request.method} ${request.url} ${proto}`);
  });
  server.on("upgrade", (_, socket) => {
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    );
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => void server.close();
  open.push({ stop });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, stop };
}

async function configure(over: Partial<ProxyConfiguration> = {}): Promise<ProxyConfiguration> {
  const endpoint = async () => ({ address: "127.0.0.1", port: await freePort() });
  const [http, api] = [await endpoint(), await endpoint()];
  const hub = `http://127.0.0.1:${await freePort()}`;
  return { version: 1, http, https: null, api, hub, baseUrl: "/", ...over };
}

async function start(configuration: ProxyConfiguration): Promise<WebProxy> {
  const log = (_: string, message: string) => void lines.push(message);
  const routes = await RouteStore.open(join(folder, "routes.json"), { log, boot: "b" });
  const tls = configuration.https ? await readTls(configuration.https) : null;
  const proxy = await WebProxy.start({ configuration, secret: "t0ken", routes, tls, log });
  open.push(proxy);
  return proxy;
}

interface Got {
  readonly status: number | undefined;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

function get(url: string, options: Record<string, unknown> = {}): Promise<Got> {
  const request = url.startsWith("https:") ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { agent: false, rejectUnauthorized: false, ...options },
      async (r) => {
        const body = Buffer.concat(await r.toArray()).toString();
        resolve({ status: r.statusCode, headers: r.headers, body });
      },
    );
    sent.on("error", reject);
    sent.end(options.body);
  });
}

const at = ({ port }: { port: number }, path = "/") => `http://127.0.0.1:${port}${path}`;

function addRoute(
  configuration: ProxyConfiguration,
  path: string,
  target: string,
  token = "t0ken",
) {
  const headers = { authorization: `token ${token}` };
  const body = JSON.stringify({ target, user: "alice", jupyterhub: true });
  return get(at(configuration.api, `/api/routes${path}`), { method: "POST", headers, body });
}

test("everything without a route goes to the hub, a user's path to the user's server", async () => {
  const hub = await backend("hub");
  const alice = await backend("alice");
  const configuration = await configure({ hub: hub.url });
  await start(configuration);
  expect((await addRoute(configuration, "/user/alice", alice.url)).status).toBe(201);
  expect((await get(at(configuration.http, "/hub/login"))).body).toBe("hub GET /hub/login http");
  expect((await get(at(configuration.http, "/user/alice/lab?x=1"))).body).toBe(
    "alice GET /user/alice/lab?x=1 http",
  );
});

test("the API is closed without its token", async () => {
  const configuration = await configure();
  await start(configuration);
  expect((await addRoute(configuration, "/user/x", "http://127.0.0.1:1", "wrong")).status).toBe(
    403,
  );
  expect((await get(at(configuration.api, "/api/routes"))).status).toBe(403);
  expect(lines.join()).not.toContain("t0ken");
});

test("a proxy that was started again knows its routes at once", async () => {
  const alice = await backend("alice");
  const configuration = await configure();
  const first = await start(configuration);
  await addRoute(configuration, "/user/alice", alice.url);
  await first.stop();
  await start(configuration);
  expect((await get(at(configuration.http, "/user/alice/"))).body).toMatch(/^alice/);
});

test("a changed address of the hub replaces the route that was kept", async () => {
  const [old, fresh] = [await backend("old"), await backend("fresh")];
  const configuration = await configure({ hub: old.url });
  await (await start(configuration)).stop();
  await start({ ...configuration, hub: fresh.url });
  expect((await get(at(configuration.http))).body).toMatch(/^fresh/);
});

test("a browser is told that the hub is not there, and when to try again", async () => {
  const configuration = await configure();
  await start(configuration);
  const page = await get(at(configuration.http), { headers: { accept: "text/html" } });
  expect(page.status).toBe(503);
  expect(page.headers).toMatchObject({ "retry-after": "5", "cache-control": "no-store" });
  expect(page.body).toContain("JupyterHub is not there yet");
});

test("when a user's server is gone, the hub makes the page", async () => {
  const hub = await backend("hub");
  const configuration = await configure({ hub: hub.url, baseUrl: "/jupyter" });
  await start(configuration);
  await addRoute(configuration, "/user/alice", `http://127.0.0.1:${await freePort()}`);
  const page = await get(at(configuration.http, "/user/alice/lab"));
  expect(page.status).toBe(503);
  expect(page.body).toContain("hub GET /jupyter/hub/error/503?url=%2Fuser%2Falice%2Flab");
});

test("websockets pass", async () => {
  const hub = await backend("hub");
  const configuration = await configure({ hub: hub.url });
  await start(configuration);
  const socket = connect(configuration.http.port, "127.0.0.1");
  socket.write("GET /x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  const received: string[] = [];
  await new Promise<void>((resolve) => {
    socket.on("data", (data) => {
      received.push(String(data));
      if (received.length === 1) socket.write("echo!");
      if (received.join("").includes("echo!")) resolve();
    });
  });
  socket.destroy();
  expect(received.join("")).toMatch(/^HTTP\/1.1 101 /);
});

test("with a key, https is served and http leads there", async () => {
  const hub = await backend("hub");
  const pair = { key: join(keys, "one.key"), cert: join(keys, "one.cert") };
  const https = { address: "127.0.0.1", port: await freePort(), ...pair };
  const configuration = await configure({ hub: hub.url, https });
  await start(configuration);
  const secure = `https://127.0.0.1:${https.port}/hub?a=1`;
  expect((await get(secure)).body).toBe("hub GET /hub?a=1 https");
  const plain = await get(at(configuration.http, "/hub?a=1"));
  expect([plain.status, plain.headers.location]).toEqual([307, secure]);
  expect((await get(at(configuration.http), { headers: { host: "a b" } })).status).toBe(400);
});

test("a port that is taken is named, with the program that has it", async () => {
  const other = await backend("other");
  const { port } = other.server.address() as AddressInfo;
  const configuration = await configure({ http: { address: "127.0.0.1", port } });
  const message = expect.stringMatching(`Port ${port} is taken by .*process ${process.pid}`);
  await expect(start(configuration)).rejects.toMatchObject({ code: "PROXY_PORT_TAKEN", message });
  const prepared = prepare(configuration, folder);
  await expect(prepared).rejects.toMatchObject({ code: "PROXY_PORT_TAKEN", message });
});

test("a start that fails leaves no port taken", async () => {
  const other = await backend("other");
  const { port } = other.server.address() as AddressInfo;
  const configuration = await configure({ http: { address: "127.0.0.1", port } });
  await expect(start(configuration)).rejects.toThrow();
  await start({ ...configuration, http: { address: "127.0.0.1", port: await freePort() } });
});

test("an address that is not the server's is named", async () => {
  const configuration = await configure({ http: { address: "192.0.2.1", port: await freePort() } });
  const error = { code: "PROXY_ADDRESS_UNKNOWN", message: expect.stringContaining("192.0.2.1") };
  await expect(start(configuration)).rejects.toMatchObject(error);
});

test.each([
  ["EACCES", "PROXY_PORT_FORBIDDEN", /may not listen on port 80/],
  ["EADDRNOTAVAIL", "PROXY_ADDRESS_UNKNOWN", /10.9.9.9 is not an address/],
  ["EADDRINUSE", "PROXY_PORT_TAKEN", /Port 80 is taken by/],
  ["ENOBUFS", "PROXY_LISTEN_FAILED", /10.9.9.9, port 80: no luck/],
])("%s becomes %s", async (system, code, message) => {
  const cause = Object.assign(new Error("no luck"), { code: system });
  const problem = await listenProblem("10.9.9.9", 80, cause);
  expect(problem).toMatchObject({ code, message: expect.stringMatching(message) });
});

test("the key is handed over, readable by its receiver alone, and taken back", async () => {
  const pair = { key: join(keys, "one.key"), cert: join(keys, "one.cert") };
  const configuration = await configure();
  const https = { address: "127.0.0.1", port: await freePort(), ...pair };
  writeFileSync(join(folder, "tls.key"), "an old one");
  chmodSync(join(folder, "tls.key"), 0o644);
  await prepare({ ...configuration, https }, folder);
  expect(readFileSync(join(folder, "tls.key"))).toEqual(readFileSync(pair.key));
  expect(statSync(join(folder, "tls.key")).mode & 0o777).toBe(0o400);
  await prepare(configuration, folder);
  expect(() => statSync(join(folder, "tls.key"))).toThrow();
});

test("key and certificate must be there and belong together", async () => {
  const [key, cert] = [join(keys, "one.key"), join(keys, "two.cert")];
  await expect(readTls({ key, cert })).rejects.toMatchObject({
    code: "PROXY_TLS_INVALID",
    message: expect.stringContaining(cert),
  });
  const missing = { key: join(keys, "none.key"), cert };
  await expect(readTls(missing)).rejects.toMatchObject({
    code: "PROXY_TLS_UNREADABLE",
    message: expect.stringMatching("https.tls.key, .*none.key"),
  });
});

test.each([
  ["not there", null],
  ["no JSON", "{"],
  ["of another version", '{"version":2}'],
  ["without ports", '{"version":1,"https":null,"hub":"http://x","http":{},"api":{}}'],
])("a configuration that is %s is named", async (_, text) => {
  const file = join(folder, "proxy.json");
  if (text !== null) writeFileSync(file, text);
  await expect(readConfiguration(file)).rejects.toMatchObject({
    code: "PROXY_CONFIG_UNREADABLE",
    message: expect.stringContaining(file),
  });
});

test("the configuration and the token are read, an empty token is none", async () => {
  const configuration = await configure();
  const file = join(folder, "proxy.json");
  writeFileSync(file, JSON.stringify(configuration));
  expect(await readConfiguration(file)).toEqual(configuration);
  writeFileSync(file, "t0ken\n");
  expect(await readSecret(file)).toBe("t0ken");
  writeFileSync(file, "\n");
  await expect(readSecret(file)).rejects.toMatchObject({ code: "PROXY_CONFIG_UNREADABLE" });
});
