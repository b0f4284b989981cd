import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { removeCgroups } from "./cgroups.ts";
import { must, type ProcessId, processId, run, signal, waitGone } from "./process.ts";
import {
  isAbandoned,
  listServers,
  readState,
  type ServerPaths,
  type ServerState,
  serverNames,
  serverPaths,
  serversDirectory,
  writeState,
} from "./state.ts";

/** How long a server may take for an orderly power-off, in milliseconds. */
const POWER_OFF_TIME = 20_000;

async function processesInNamespace(paths: ServerPaths): Promise<ProcessId[]> {
  if (!existsSync(paths.namespacePath)) return [];
  const { stdout } = await run(["ip", "netns", "pids", paths.namespace]);
  const ids = stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => processId(Number(line)));
  return ids.filter((id) => id !== null);
}

/** Ends everything in the server's network: its own processes, the connector, file servers. */
async function endProcesses(paths: ServerPaths, state: ServerState): Promise<void> {
  const own = [state.init, state.nspawn].filter((id) => id !== null);
  const all = [...own, ...(await processesInNamespace(paths))];
  for (const id of all) signal(id, "SIGKILL");
  await waitGone(all, 10_000);
}

/**
 * Stops a server and gives back all it holds of this machine except its files.
 * Safe to repeat, from any process, and for a server that a killed run left behind.
 */
export async function stopServer(
  cacheDir: string,
  name: string,
  options: { readonly orderly: boolean },
): Promise<void> {
  const paths = serverPaths(cacheDir, name);
  const state = readState(cacheDir, name);
  if (options.orderly && state.nspawn !== null) {
    // nspawn hands SIGTERM on as the power-off request of systemd.
    signal(state.nspawn, "SIGTERM");
    await waitGone([state.nspawn], POWER_OFF_TIME);
  }
  await endProcesses(paths, state);
  if (existsSync(paths.namespacePath)) await must(["ip", "netns", "delete", paths.namespace]);
  await removeCgroups(paths.namespace);
  await rm(`/run/systemd/nspawn/propagate/${paths.namespace}`, { recursive: true, force: true });
  await rm(paths.connector, { force: true });
  writeState(paths, { ...state, nspawn: null, init: null });
}

const removal = (folder: string): string[] => ["rm", "-rf", "--one-file-system", folder];

/** Removes a folder in the background, on which this process does not wait even at its end. */
function removeLater(folder: string): void {
  const [file = "", ...args] = removal(folder);
  const child = spawn(file, args, { stdio: "ignore", detached: true });
  // What stays is removed by the next run.
  child.on("error", () => {});
  child.unref();
}

/**
 * Stops a server at once and removes its files. A large tree takes many seconds to remove:
 * without `wait` that goes on in the background, when all else is gone.
 */
export async function destroyServer(
  cacheDir: string,
  name: string,
  options: { readonly wait: boolean },
): Promise<void> {
  await stopServer(cacheDir, name, { orderly: false });
  const { directory } = serverPaths(cacheDir, name);
  // Under a name that says so, a removal that is cut short is finished by the next run.
  const gone = join(serversDirectory(cacheDir), `.gone-${name}-${randomUUID()}`);
  await rename(directory, gone);
  if (options.wait) await run(removal(gone));
  else removeLater(gone);
}

/** Finishes removals that were cut short; another run may be at the same one. */
async function finishRemovals(cacheDir: string): Promise<void> {
  const folder = serversDirectory(cacheDir);
  if (!existsSync(folder)) return;
  for (const entry of await readdir(folder)) {
    if (entry.startsWith(".gone-")) removeLater(join(folder, entry));
  }
}

async function takeDown(cacheDir: string, { name, kept }: ServerState): Promise<void> {
  if (!kept) return destroyServer(cacheDir, name, { wait: false });
  await stopServer(cacheDir, name, { orderly: false });
  writeState(serverPaths(cacheDir, name), { ...readState(cacheDir, name), owner: null });
}

/**
 * Takes down what runs left behind that were killed: those whose owner is gone, or is among
 * `ended`. Servers of living owners, and whatever else is on the machine, stay untouched.
 */
export async function cleanLeftovers(
  cacheDir: string,
  ended: readonly number[] = [],
): Promise<string[]> {
  const abandoned = listServers(cacheDir).filter((state) => isAbandoned(state, ended));
  for (const state of abandoned) {
    try {
      await takeDown(cacheDir, state);
    } catch (error) {
      // Two runs may clean at the same time; gone is gone.
      if (serverNames(cacheDir).includes(state.name)) throw error;
    }
  }
  await finishRemovals(cacheDir);
  return abandoned.map((state) => state.name);
}
