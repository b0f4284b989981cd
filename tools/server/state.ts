import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { nameInvalid, ServerError, serverUnknown } from "./errors.ts";
import { isAlive, type ProcessId } from "./process.ts";

/** Where a server lives and what of this machine it holds; written before each thing is taken. */
export interface ServerState {
  readonly version: 1;
  readonly name: string;
  /** The process that must live for the server to stay; null for one that was made to stay. */
  readonly owner: ProcessId | null;
  /** True when its files outlive its owner. */
  readonly kept: boolean;
  /** systemd-nspawn; null while the server is stopped. */
  readonly nspawn: ProcessId | null;
  /** The server's own process 1, as this machine numbers it. */
  readonly init: ProcessId | null;
}

/** The files of one server, and the names of what it holds outside of them. */
export interface ServerPaths {
  readonly directory: string;
  readonly root: string;
  readonly snapshots: string;
  readonly state: string;
  readonly console: string;
  /** The socket on which the connector takes connections into the server. */
  readonly connector: string;
  readonly namespace: string;
  readonly namespacePath: string;
}

/** The folder for everything that can be made again. */
export function cacheDirectory(): string {
  return process.env.TLJH_CACHE ?? "/var/tmp/tljh-cache";
}

export function serversDirectory(cacheDir: string): string {
  return join(cacheDir, "servers");
}

function checkName(name: string): void {
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(name)) throw nameInvalid(name);
}

export function serverPaths(cacheDir: string, name: string): ServerPaths {
  checkName(name);
  const directory = join(serversDirectory(cacheDir), name);
  const namespace = `tljh-${name}`;
  return {
    directory,
    root: join(directory, "root"),
    snapshots: join(directory, "snapshots"),
    state: join(directory, "state.json"),
    console: join(directory, "console.log"),
    connector: join(directory, "connect.sock"),
    namespace,
    namespacePath: `/run/netns/${namespace}`,
  };
}

export function writeState(paths: ServerPaths, state: ServerState): void {
  mkdirSync(dirname(paths.state), { recursive: true });
  const temporary = `${paths.state}.new`;
  writeFileSync(temporary, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(temporary, paths.state);
}

/** Throws `SERVER_UNKNOWN` when there is no such server. */
export function readState(cacheDir: string, name: string): ServerState {
  const paths = serverPaths(cacheDir, name);
  if (!existsSync(paths.state)) throw serverUnknown(name, serverNames(cacheDir));
  return JSON.parse(readFileSync(paths.state, "utf8")) as ServerState;
}

export function serverNames(cacheDir: string): string[] {
  const folder = serversDirectory(cacheDir);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, "state.json")));
}

export function listServers(cacheDir: string): ServerState[] {
  return serverNames(cacheDir).flatMap((name) => {
    try {
      return [readState(cacheDir, name)];
    } catch (error) {
      if (error instanceof ServerError) return []; // gone between two looks
      throw error;
    }
  });
}

/** True when the owner ended without taking the server down. */
export function isAbandoned(state: ServerState, ended: readonly number[] = []): boolean {
  const { owner } = state;
  if (owner === null) return false;
  return ended.includes(owner.pid) || !isAlive(owner);
}
