import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { inCgroups, makeCgroups } from "./cgroups.ts";
import { enterArgv, loginEnvironment } from "./enter.ts";
import { bootFailed } from "./errors.ts";
import {
  boundToParent,
  childrenOf,
  eachLine,
  exitOf,
  isAlive,
  must,
  type ProcessId,
  processId,
  run,
  until,
} from "./process.ts";
import type { ServerPaths } from "./state.ts";

const BOOT_TIME = 60_000;

/** A network of its own, in which there is nothing but a loopback. */
export async function makeNetwork(paths: ServerPaths): Promise<void> {
  await must(["ip", "netns", "add", paths.namespace]);
  await must(["ip", "-n", paths.namespace, "link", "set", "lo", "up"]);
}

/** argv of systemd-nspawn for a server; `binds` are shown to it read-only. */
export function nspawnArgv(
  paths: Pick<ServerPaths, "root" | "namespace" | "namespacePath">,
  binds: Readonly<Record<string, string>>,
): string[] {
  return [
    "systemd-nspawn",
    "--quiet",
    `--directory=${paths.root}`,
    `--machine=${paths.namespace}`,
    "--hostname=tljh",
    "--boot",
    "--register=no",
    "--keep-unit",
    `--network-namespace-path=${paths.namespacePath}`,
    "--resolv-conf=off",
    "--timezone=off",
    "--link-journal=no",
    "--console=read-only",
    ...Object.entries(binds).map(([path, host]) => `--bind-ro=${host}:${path}`),
  ];
}

function consoleText(paths: ServerPaths): string {
  return existsSync(paths.console) ? readFileSync(paths.console, "utf8") : "";
}

/** Starts systemd-nspawn, which ends with this process. */
export function startNspawn(
  paths: ServerPaths,
  binds: Readonly<Record<string, string>>,
): ProcessId {
  const argv = inCgroups(makeCgroups(paths.namespace), nspawnArgv(paths, binds));
  const [file = "", ...args] = boundToParent(argv);
  const log = openSync(paths.console, "w");
  const child = spawn(file, args, { stdio: ["ignore", log, log], detached: true });
  closeSync(log);
  child.on("error", () => {});
  child.unref();
  const id = processId(child.pid ?? -1);
  if (id === null) throw bootFailed(paths.namespace, consoleText(paths));
  return id;
}

/** Waits for the server's process 1 and for its systemd to take commands. */
export async function waitInit(paths: ServerPaths, nspawn: ProcessId): Promise<ProcessId> {
  let init: ProcessId | null = null;
  const ready = (): boolean => {
    // Until it waits for process 1, nspawn has helpers as children too.
    const children = childrenOf(nspawn.pid);
    const pid = children.find((child) => existsSync(`/proc/${child}/root/run/systemd/private`));
    if (pid !== undefined) init = processId(pid);
    return init !== null || !isAlive(nspawn);
  };
  await until(ready, BOOT_TIME);
  if (init === null) throw bootFailed(paths.namespace, consoleText(paths));
  return init;
}

/** Waits until all units have started; gives back the names of those that failed. */
export async function waitBooted(paths: ServerPaths, init: ProcessId): Promise<string[]> {
  const env = loginEnvironment();
  const systemctl = (args: string[]) =>
    run(enterArgv(init.pid, ["systemctl", ...args]), { env, timeout: BOOT_TIME });
  let state = "";
  while (!/^(running|degraded)/.test(state)) {
    if (!isAlive(init)) throw bootFailed(paths.namespace, consoleText(paths));
    state = (await systemctl(["is-system-running", "--wait"])).stdout;
  }
  if (state.startsWith("running")) return [];
  const { stdout } = await systemctl(["list-units", "--failed", "--plain", "--no-legend"]);
  return stdout.split("\n").flatMap((line) => line.split(" ")[0] || []);
}

/** argv that runs one of this machine's programs in the server's network. */
function inNetwork(paths: ServerPaths, argv: readonly string[]): string[] {
  return boundToParent(["nsenter", `--net=${paths.namespacePath}`, "--", ...argv]);
}

/** Starts a program of ours in the server's network and waits for its first line. */
export async function startHelper(paths: ServerPaths, argv: readonly string[]): Promise<string> {
  const [file = "", ...args] = inNetwork(paths, argv);
  const child: ChildProcess = spawn(file, args, {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    env: { PATH: process.env.PATH ?? "", NODE_NO_WARNINGS: "1" },
  });
  const said: string[] = [];
  const first = new Promise<string>((resolve) => {
    eachLine(child.stdout, resolve);
    eachLine(child.stderr, (line) => said.push(line));
  });
  const ended = exitOf(child, file).then((code) => {
    throw bootFailed(paths.namespace, `${argv.join(" ")} ended with ${code}\n${said.join("\n")}`);
  });
  // After its first line the program is on its own; its end shows in what it served.
  ended.catch(() => {});
  const line = await Promise.race([first, ended]);
  child.unref();
  for (const stream of [child.stdout, child.stderr]) {
    (stream as { unref?: () => void } | null)?.unref?.();
  }
  return line;
}

/** Starts the program that takes connections into the server's network. */
export async function startConnector(paths: ServerPaths): Promise<void> {
  const script = fileURLToPath(new URL("connector.ts", import.meta.url));
  await startHelper(paths, [process.execPath, script, paths.connector]);
}
