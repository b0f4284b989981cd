import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cacheDirectory, makeBase, requirements, Server } from "../../tools/server/index.ts";
import { eachLine, isAlive, type ProcessId, run, until } from "../../tools/server/process.ts";
import { readState, serverPaths } from "../../tools/server/state.ts";

const possible = requirements().length === 0;

/** What of this machine still belongs to a server: nothing should, when it is gone. */
async function remains(cacheDir: string, name: string, processes: ProcessId[]): Promise<string[]> {
  const paths = serverPaths(cacheDir, name);
  const folders = [paths.directory, paths.namespacePath, `/sys/fs/cgroup/${paths.namespace}`];
  folders.push(`/sys/fs/cgroup/systemd/${paths.namespace}`);
  folders.push(`/sys/fs/cgroup/unified/${paths.namespace}`);
  folders.push(`/run/systemd/nspawn/propagate/${paths.namespace}`);
  const mounts = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  const { stdout } = await run(["ps", "-eo", "args"]);
  return [
    ...folders.filter((folder) => existsSync(folder)),
    ...mounts.filter((line) => line.includes(paths.directory)),
    ...stdout.split("\n").filter((line) => line.includes(paths.directory)),
    ...processes.filter(isAlive).map(({ pid }) => `process ${pid}`),
  ];
}

function processesOf(cacheDir: string, name: string): ProcessId[] {
  const { nspawn, init } = readState(cacheDir, name);
  return [nspawn, init].filter((id) => id !== null);
}

/** A program in the server that answers each connection with what it was sent. */
const ECHO = `const { createServer } = require("node:net");
createServer((socket) => socket.pipe(socket)).listen(8900, "127.0.0.1", () => console.log("up"));`;

describe.skipIf(!possible)("a throw-away server", () => {
  const cacheDir = cacheDirectory();
  let base = "";
  let server: Server;

  beforeAll(async () => {
    base = await makeBase({ cacheDir });
    server = await Server.create({ base, cacheDir });
    expect(await server.boot()).toEqual([]);
  });
  afterAll(() => server?.destroy());

  test("runs a program and gives back its exit code and both outputs", async () => {
    const lines: string[] = [];
    const result = await server.run(["sh", "-c", "cat; echo e >&2; echo $WORD; exit 3"], {
      input: "in\n",
      env: { WORD: "out" },
      onLine: (line) => lines.push(line),
    });
    expect(result).toEqual({ exitCode: 3, stdout: "in\nout\n", stderr: "e\n" });
    expect(lines.toSorted()).toEqual(["e", "in", "out"]);
  });

  test("gives a program a login's environment and nothing of this machine's", async () => {
    const names = (await server.must(["env"])).split("\n").map((line) => line.split("=")[0]);
    expect(names.filter(Boolean).toSorted()).toEqual(
      ["HOME", "LANG", "LOGNAME", "PATH", "SHELL", "USER"].toSorted(),
    );
  });

  test("runs a program as another user, in that user's environment", async () => {
    await server.must(["useradd", "--create-home", "--shell", "/bin/bash", "alice"]);
    const output = await server.must(["sh", "-c", "id -un; echo $HOME"], { user: "alice" });
    expect(output).toBe("alice\n/home/alice\n");
  });

  test("kills a program that takes longer than it may", async () => {
    const result = await server.run(["sh", "-c", "echo $$; exec sleep 1000"], { timeout: 500 });
    expect(result.exitCode).not.toBe(0);
    const left = await server.run(["cat", `/proc/${result.stdout.trim()}/cmdline`]);
    expect(left.stdout).toBe("");
  });

  test("ends a program that goes on, and all it started", async () => {
    const running = await server.spawn(["sh", "-c", "echo $$; sleep 1000 & wait"]);
    const [pid] = await once(running.child.stdout ?? process.stdin, "data");
    running.kill("SIGKILL");
    expect(await running.ended).toBe(137);
    expect((await server.run(["pgrep", "-x", "sleep"])).stdout).toBe("");
    expect((await server.run(["ls", `/proc/${String(pid).trim()}`])).exitCode).not.toBe(0);
  });

  test("is systemd's: transient units with sandboxing run", async () => {
    const unit = ["systemd-run", "--pipe", "--wait", "--collect", "-q", "-p", "DynamicUser=yes"];
    const output = await server.must([...unit, "-p", "ProtectHome=yes", "id", "-u"]);
    expect(Number(output)).toBeGreaterThan(60_000);
  });

  test("reaches nothing but itself", async () => {
    const result = await server.run(["ip", "-brief", "address"]);
    expect(result.stdout.trim().split("\n")).toEqual([expect.stringMatching(/^lo /)]);
    expect((await server.run(["ip", "route"])).stdout).toBe("");
  });

  test("takes files and folders in, and gives files back", async () => {
    const folder = mkdtempSync("/tmp/tljh-copy-");
    writeFileSync(join(folder, "a.bin"), Buffer.from([0, 255, 10]), { mode: 0o755 });
    try {
      await server.copyIn(folder, "/root/in/folder");
      await server.copyIn(join(folder, "a.bin"), "/root/file");
      await server.writeFile("/root/new/text", "ä\n", "0600");
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect([...(await server.readBytes("/root/in/folder/a.bin"))]).toEqual([0, 255, 10]);
    expect(await server.must(["stat", "-c", "%a %U", "/root/file"])).toBe("755 root\n");
    expect(await server.readFile("/root/new/text")).toBe("ä\n");
    await expect(server.readFile("/none")).rejects.toThrow(/No such file/);
  });

  test("is reached through a port of this machine, also by a process that attaches", async () => {
    expect(await server.serve([process.execPath, "-e", ECHO])).toBe("up");
    const other = Server.attach(server.name, cacheDir);
    await using forward = await other.forward(8900);
    const answer = await sendAndRead(forward.port, "hello");
    expect(answer).toBe("hello");
  });

  test("ends a connection to a port on which nobody listens", async () => {
    await using forward = await server.forward(8999);
    expect(await sendAndRead(forward.port, "hello")).toBe("");
  });

  test("says which port of this machine is taken", async () => {
    await using forward = await server.forward(8900);
    await expect(server.forward(8900, forward.port)).rejects.toMatchObject({
      code: "SERVER_PORT_TAKEN",
    });
  });

  test("has apt read the one folder it is given", async () => {
    const folder = mkdtempSync("/tmp/tljh-apt-");
    writeFileSync(join(folder, "Packages"), "");
    await using own = await Server.create({ base, cacheDir });
    await own.boot({ apt: folder });
    const update = await own.run(["apt-get", "update"]);
    rmSync(folder, { recursive: true });
    expect(update.stdout).toContain("file:/srv/apt");
    expect(update.exitCode).toBe(0);
  });

  test("returns to a snapshot", async () => {
    await using own = await Server.create({ base, cacheDir });
    await expect(own.run(["true"])).rejects.toMatchObject({ code: "SERVER_NOT_RUNNING" });
    await expect(own.restore("none")).rejects.toMatchObject({ code: "SERVER_SNAPSHOT_UNKNOWN" });
    await own.boot();
    await expect(own.snapshot("s")).rejects.toMatchObject({ code: "SERVER_RUNNING" });
    await own.writeFile("/root/mark", "before");
    await own.stop();
    await own.snapshot("s");
    await own.boot();
    await own.writeFile("/root/mark", "after");
    await own.stop();
    await own.restore("s");
    await own.boot();
    expect(await own.readFile("/root/mark")).toBe("before");
  });

  test("leaves nothing when it is destroyed", async () => {
    const own = await Server.create({ base, cacheDir });
    await own.boot();
    const sleeping = await own.spawn(["sleep", "1000"]);
    await own.serve([process.execPath, "-e", ECHO]);
    const processes = processesOf(cacheDir, own.name);
    await own.destroy();
    await own.destroy();
    expect(await sleeping.ended).toBe(137);
    expect(await remains(cacheDir, own.name, processes)).toEqual([]);
  });

  test.each(["SIGKILL", "SIGTERM"] as const)(
    "leaves nothing when its maker ends by %s",
    async (signal) => {
      const script = fileURLToPath(new URL("../support/boot-and-wait.ts", import.meta.url));
      const maker = spawn(process.execPath, [script, cacheDir, base], { stdio: "pipe" });
      const name = await new Promise<string>((resolve) => eachLine(maker.stdout, resolve));
      const processes = processesOf(cacheDir, name);
      expect(processes.filter(isAlive)).toHaveLength(2);
      maker.kill(signal);
      await once(maker, "close");
      const { directory } = serverPaths(cacheDir, name);
      expect(await until(() => !existsSync(directory), 20_000)).toBe(true);
      expect(await remains(cacheDir, name, processes)).toEqual([]);
    },
  );
});

async function sendAndRead(port: number, text: string): Promise<string> {
  const { connect } = await import("node:net");
  const socket = connect({ host: "127.0.0.1", port });
  socket.on("error", () => {});
  socket.end(text);
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  await once(socket, "close");
  return answer;
}
