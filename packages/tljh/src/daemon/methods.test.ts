import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connectLines } from "../rpc/index.ts";
import { Accounts } from "./accounts.ts";
import { Daemon } from "./daemon.ts";
import { EnvironmentFiles } from "./environment.ts";
import { daemonMethods } from "./methods.ts";
import { PasswordStore } from "./passwords.ts";
import { type ServerRequest, Servers } from "./servers.ts";

let folder: string;
let socket: string;
let lines: string[];
let daemon: Daemon;
let started: ServerRequest[];
let release: (() => void) | null;

const log = (level: string, message: string, fields = {}) =>
  void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);

class FakeServers extends Servers {
  override async start(request: ServerRequest) {
    started.push(request);
    await new Promise<void>((resolve) => {
      if (request.unit === "slow") release = resolve;
      else resolve();
    });
    return { unit: request.unit };
  }
}

const ignore = async () => {};
const farewell = async (account: string, patience: number) =>
  void lines.push(`bye ${account} ${patience}`);

function newDaemon(): Daemon {
  const files = new EnvironmentFiles(join(folder, "environment"));
  const methods = daemonMethods({
    version: "1.2.3",
    accounts: new Accounts(join(folder, "pending"), { welcome: ignore, farewell }),
    servers: new FakeServers(files, async (_, environment) => environment, log),
    passwords: new PasswordStore(join(folder, "passwords.json"), { ln: 1, r: 1, p: 1 }),
  });
  return new Daemon(methods, log);
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "daemon-"));
  socket = join(folder, "run", "tljhd.sock");
  lines = [];
  started = [];
  release = null;
  daemon = newDaemon();
  await daemon.start(socket, {});
});
afterEach(async () => {
  release?.();
  await daemon.stop();
  rmSync(folder, { recursive: true });
});

async function call(method: string, params: Record<string, unknown> = {}) {
  const client = await connectLines(socket);
  return client.call(method, params).finally(() => client.close());
}

const server = { unit: "u", account: "alice", command: ["true"] };

test("the daemon answers with its version and process", async () => {
  expect(await call("ping")).toEqual({ version: "1.2.3", pid: process.pid });
});

test("the socket is its owner's alone", () => {
  expect(statSync(socket).mode & 0o777).toBe(0o600);
});

test("passwords are set, checked and forgotten", async () => {
  const user = { username: "alice" };
  expect(await call("passwords.state", user)).toEqual({ exists: false });
  expect(await call("passwords.set", { ...user, password: "pw" })).toEqual({});
  expect(await call("passwords.state", user)).toEqual({ exists: true });
  const valid = await call("passwords.check", { ...user, password: "pw" });
  expect(valid).toEqual({ valid: true, exists: true });
  expect(await call("passwords.forget", user)).toEqual({});
  expect(await call("passwords.state", user)).toEqual({ exists: false });
});

test.each([
  ["passwords.set", { username: "", password: "hunter2" }],
  ["passwords.set", { username: "a", password: ["hunter2"] }],
  ["passwords.check", { password: "hunter2" }],
  ["accounts.ensure", { username: 5 }],
  ["accounts.ensure", { username: "a", groups: "hunter2" }],
  ["servers.start", { ...server, command: [] }],
  ["servers.start", { ...server, account: null }],
  ["servers.start", { ...server, dynamicUser: true }],
  ["servers.start", { ...server, environment: { A: 1 } }],
  ["servers.start", { ...server, properties: { A: { hunter2: 1 } } }],
  ["servers.status", {}],
  ["users.removed", { account: "hunter2" }],
  ["users.removed", { username: "a", patience: "hunter2" }],
])("%s %j is refused without repeating what was sent", async (method, params) => {
  const message = expect.not.stringContaining("hunter2");
  const refusal = { code: "DAEMON_PARAMETER_INVALID", message };
  await expect(call(method, params)).rejects.toMatchObject(refusal);
  expect(lines.join()).not.toContain("hunter2");
});

test("a user who is removed is told of by the account's name, if there ever was one", async () => {
  const params = { username: "alice", account: "nobody", patience: 3 };
  expect(await call("users.removed", params)).toEqual({ told: true });
  expect(lines).toContain("bye nobody 3000");
  expect(await call("users.removed", { username: "no-such-user" })).toEqual({ told: false });
});

test("a dynamic user becomes systemd's own setting", async () => {
  await call("servers.start", { ...server, account: null, dynamicUser: true });
  expect(started[0]).toMatchObject({ account: null, properties: { DynamicUser: "yes" } });
});

test("a failed request is logged by its method", async () => {
  await expect(call("servers.start", {})).rejects.toThrow();
  expect(lines.join()).toMatch(/error a request failed .*"method":"servers.start"/);
});

test("a daemon that is told to end answers what it works on first", async () => {
  const client = await connectLines(socket);
  const slow = client.call("servers.start", { ...server, unit: "slow" });
  await client.call("ping");
  const stopped = daemon.stop();
  release?.();
  expect(await slow).toEqual({ unit: "slow" });
  await stopped;
});

test("a socket file that nobody listens on is replaced, one in use is not", async () => {
  await expect(newDaemon().start(socket, {})).rejects.toMatchObject({
    code: "DAEMON_SOCKET_TAKEN",
  });
  await daemon.stop();
  writeFileSync(socket, "");
  chmodSync(socket, 0o644);
  daemon = newDaemon();
  await daemon.start(socket, {});
  expect(existsSync(socket)).toBe(true);
  expect(await call("ping")).toMatchObject({ version: "1.2.3" });
});
