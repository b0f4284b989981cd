import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EnvironmentFiles } from "./environment.ts";
import {
  isRestarted,
  type Prepare,
  type ServerRequest,
  Servers,
  type ServersMachine,
  serverStatus,
} from "./servers.ts";

const alice = { name: "jupyter-alice", uid: 1001, gid: 1002, home: "/h", shell: "" };
const request: ServerRequest = {
  unit: "jupyter-alice",
  account: "jupyter-alice",
  command: ["jupyterhub-singleuser", "--port=1"],
  environment: { PATH: "relative:/opt/tljh/user/bin:/usr/bin", JUPYTERHUB_API_TOKEN: "secret" },
  workingDirectory: "/home/jupyter-alice",
  properties: {},
  slice: null,
  patience: 7,
};

let folder: string;
let files: EnvironmentFiles;
let done: string[];
let properties: Record<string, string>;
let result: { exitCode: number; stdout: string; stderr: string };
let environmentDuringStart: boolean;
let messages: string[];
let duringRun: () => void;
let prepare: Prepare;
let written: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "servers-"));
  files = new EnvironmentFiles(folder);
  done = [];
  duringRun = () => {};
  prepare = async (_, environment) => environment;
  messages = [];
  properties = { LoadState: "not-found", ActiveState: "inactive", SubState: "dead" };
  result = { exitCode: 0, stdout: "", stderr: "" };
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = () => files.path("jupyter-alice.service");

function servers(): Servers {
  const machine: ServersMachine = {
    readAccount: async (name) =>
      name === "root" ? { ...alice, uid: 0 } : name === alice.name ? alice : null,
    show: async () => new Map(Object.entries(properties)),
    run: async (args) => {
      duringRun();
      environmentDuringStart = existsSync(path());
      written = environmentDuringStart ? readFileSync(path(), "utf8") : "";
      done.push(`run ${args.join(" ")}`);
      return result;
    },
    stop: async (unit) => void done.push(`stop ${unit}`),
    reset: async (unit) => void done.push(`reset ${unit}`),
    log: async () => "ModuleNotFoundError: jupyterhub",
    isProgram: async (file) => file === "/opt/tljh/user/bin/jupyterhub-singleuser",
  };
  return new Servers(
    files,
    (...args) => prepare(...args),
    (_, message, fields) => messages.push(`${message} ${JSON.stringify(fields)}`),
    machine,
  );
}

const start = (over: Partial<ServerRequest> = {}) => servers().start({ ...request, ...over });

test("a server starts with its environment in a file that is gone afterwards", async () => {
  expect(await start()).toEqual({ unit: "jupyter-alice" });
  expect(done[0]).toMatch(
    /--uid=1001 --gid=1002 .* -- \/opt\/tljh\/user\/bin\/jupyterhub-singleuser --port=1$/,
  );
  expect([environmentDuringStart, existsSync(path())]).toEqual([true, false]);
});

test("plugins prepare the environment, by the account's name and in the time that is theirs", async () => {
  prepare = async (account, environment, patience) => ({
    ...environment,
    SEEN: `${account} ${patience}`,
  });
  await start();
  expect(written).toContain('SEEN="jupyter-alice 7000"\n');
  expect(written).toContain('JUPYTERHUB_API_TOKEN="secret"\n');
});

test("the program is found as the hub asked for it, whatever plugins make of PATH", async () => {
  prepare = async () => ({ PATH: "/nowhere" });
  await start();
  expect(done[0]).toContain("-- /opt/tljh/user/bin/jupyterhub-singleuser");
  expect(written).toBe('PATH="/nowhere"\n');
});

test("without an account of its own a server has nothing for plugins to prepare", async () => {
  prepare = async () => ({ PREPARED: "yes" });
  await start({ account: null });
  expect(written).not.toContain("PREPARED");
});

test("no secret is in the arguments or in the log", async () => {
  await start({ environment: { ...request.environment, "NOT-A-NAME": "secret" } });
  expect([...done, ...messages].join()).not.toContain("secret");
  expect(messages.join()).toContain("NOT-A-NAME");
});

test("the environment stays for a server that systemd restarts, until it is stopped", async () => {
  const some = servers();
  await some.start({ ...request, properties: { Restart: "on-failure" } });
  expect(existsSync(path())).toBe(true);
  await some.stop("jupyter-alice");
  expect(existsSync(path())).toBe(false);
});

test("a unit that failed before is forgotten first", async () => {
  properties = { LoadState: "loaded", Transient: "yes", ActiveState: "failed" };
  await start();
  expect(done.map((line) => line.split(" ")[0])).toEqual(["reset", "run"]);
});

test.each([
  ["DAEMON_UNIT_RUNNING", {}, { LoadState: "loaded", Transient: "yes", ActiveState: "active" }],
  [
    "DAEMON_UNIT_RUNNING",
    {},
    { LoadState: "loaded", Transient: "yes", ActiveState: "deactivating" },
  ],
  ["DAEMON_UNIT_FOREIGN", {}, { LoadState: "loaded", Transient: "no", ActiveState: "inactive" }],
  ["DAEMON_ACCOUNT_MISSING", { account: "ghost" }, {}],
  ["DAEMON_ACCOUNT_ROOT", { account: "root" }, {}],
  ["DAEMON_COMMAND_MISSING", { command: ["nothing"] }, {}],
  ["DAEMON_COMMAND_MISSING", { command: [""] }, {}],
  ["DAEMON_COMMAND_MISSING", { environment: {} }, {}],
  ["DAEMON_PROPERTY_INVALID", { properties: { "User\n": "root" } }, {}],
  ["DAEMON_UNIT_NAME_INVALID", { slice: "a b" }, {}],
])("%s: nothing is run and nothing is left", async (code, over, state) => {
  properties = { ...properties, ...state };
  await expect(start(over)).rejects.toMatchObject({ code });
  expect(done).toEqual([]);
  expect(existsSync(path())).toBe(false);
});

test("a start that fails says what systemd and the program said, and leaves no environment", async () => {
  result = { exitCode: 1, stdout: "", stderr: "Job failed." };
  const message = expect.stringMatching(/systemd refused it\nJob failed.\nModuleNotFoundError/);
  await expect(start()).rejects.toMatchObject({ code: "DAEMON_SERVER_NOT_STARTED", message });
  expect(existsSync(path())).toBe(false);
});

test.each([
  ["200", /its working directory cannot be entered/],
  ["203", /the program cannot be executed/],
  ["217", /its account is not there/],
  ["226", /a path of ReadOnlyPaths/],
  ["1", /its program ended with exit code 1/],
])("exit status %s is put into words", async (status, message) => {
  const some = servers();
  const after = { LoadState: "loaded", Transient: "yes", ActiveState: "failed" };
  result = { exitCode: 1, stdout: "", stderr: "" };
  duringRun = () => {
    properties = { ...after, ExecMainStatus: status, ExecMainExitTimestampMonotonic: "9" };
  };
  await expect(some.start(request)).rejects.toThrow(message);
});

test("stopping waits for systemd, and two who stop share one stop", async () => {
  properties = { LoadState: "loaded", Transient: "yes", ActiveState: "active" };
  const some = servers();
  await Promise.all([some.stop("jupyter-alice"), some.stop("jupyter-alice")]);
  expect(done).toEqual(["stop jupyter-alice.service", "reset jupyter-alice.service"]);
});

test("stopping what is gone is no error, stopping a service of the system is", async () => {
  await servers().stop("jupyter-alice");
  expect(done).not.toContain("stop jupyter-alice.service");
  properties = { LoadState: "loaded", Transient: "no", ActiveState: "active" };
  await expect(servers().stop("ssh")).rejects.toMatchObject({ code: "DAEMON_UNIT_FOREIGN" });
});

const status = (values: Record<string, string>) => serverStatus(new Map(Object.entries(values)));

test("a running server", () => {
  expect(
    status({
      ActiveState: "active",
      SubState: "running",
      Result: "success",
      ExecMainStatus: "0",
      ExecMainExitTimestampMonotonic: "0",
      MainPID: "12",
    }),
  ).toEqual({
    running: true,
    activeState: "active",
    subState: "running",
    exitStatus: null,
    result: "success",
    mainPid: 12,
  });
});

test("a server that failed has its exit status", () => {
  expect(
    status({
      ActiveState: "failed",
      Result: "exit-code",
      ExecMainStatus: "3",
      ExecMainExitTimestampMonotonic: "99",
      MainPID: "0",
    }),
  ).toMatchObject({
    running: false,
    exitStatus: 3,
    result: "exit-code",
    mainPid: null,
  });
});

test("a server that systemd no longer knows is not running", () => {
  expect(status({})).toMatchObject({ running: false, activeState: "inactive", exitStatus: null });
});

test.each([
  [{}, false],
  [{ Restart: "no" }, false],
  [{ Restart: "always" }, true],
  [{ Restart: ["no", "on-failure"] }, true],
])("%j is restarted: %s", (given, expected) => expect(isRestarted(given)).toBe(expected));
