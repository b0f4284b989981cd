import { stat, statfs } from "node:fs/promises";
import { httpStatus } from "../hub/index.ts";
import { connectLines } from "../rpc/index.ts";
import { type ExecResult, tryExec } from "../system/exec.ts";
import { listens, portHolder } from "../system/ports.ts";
import { listUnits, showProperties, unitLog, unitState } from "../system/systemd.ts";

export interface UnitFound {
  /** Whether systemd knows it at all. */
  readonly known: boolean;
  readonly active: boolean;
  /** `active`, `activating`, `failed`, `inactive`, … */
  readonly state: string;
  readonly enabled: boolean;
  /** When it became active, in milliseconds since the epoch; null when it is not. */
  readonly since: number | null;
  /** How often systemd has started it anew by itself. */
  readonly restarts: number;
}

export interface Disk {
  /** The same for two folders of one file system. */
  readonly device: number;
  /** Bytes. */
  readonly free: number;
  readonly size: number;
  /** Files that can still be made, and that can be at all; 0 where there is no such limit. */
  readonly freeFiles: number;
  readonly files: number;
}

/** What of the machine is looked at; tests put another in its place. */
export interface Machine {
  unit(unit: string): Promise<UnitFound>;
  journal(unit: string): Promise<string>;
  /** Names of units that match a pattern and are active. */
  activeUnits(pattern: string): Promise<readonly string[]>;
  /** Whether something accepts connections. */
  listens(host: string, port: number): Promise<boolean>;
  holder(port: number): Promise<string | null>;
  /** The status of an answer over HTTP, or why there is none. */
  status(url: string): Promise<number | string>;
  /** The version of the daemon that listens on a socket. */
  ping(socket: string): Promise<string>;
  /** Gives up after a minute. */
  run(file: string, args: readonly string[]): Promise<ExecResult>;
  disk(path: string): Promise<Disk>;
  now(): Date;
}

export const machine: Machine = {
  unit,
  journal: (name) => unitLog(name, 8),
  activeUnits: (pattern) => listUnits(pattern, "active"),
  listens,
  holder: portHolder,
  status: httpStatus,
  ping,
  run: (file, args) => tryExec(file, args, { timeout: 60_000, env: { LC_ALL: "C.UTF-8" } }),
  disk,
  now: () => new Date(),
};

async function unit(name: string): Promise<UnitFound> {
  const found = await showProperties(name, [
    "LoadState",
    "ActiveState",
    "UnitFileState",
    "ActiveEnterTimestampMonotonic",
    "NRestarts",
  ]);
  const { active, enabled, startedAt } = unitState(found);
  return {
    known: found.get("LoadState") === "loaded",
    active,
    state: found.get("ActiveState") ?? "unknown",
    enabled,
    since: startedAt,
    restarts: Number(found.get("NRestarts") ?? 0),
  };
}

/** Milliseconds that the daemon has for an answer. */
const patience = 5_000;

async function ping(socket: string): Promise<string> {
  const client = await connectLines(socket);
  try {
    return (await client.call<{ version: string }>("ping", {}, { timeout: patience })).version;
  } finally {
    client.close();
  }
}

async function disk(path: string): Promise<Disk> {
  const [{ dev }, found] = await Promise.all([stat(path), statfs(path)]);
  return {
    device: dev,
    free: found.bavail * found.bsize,
    size: found.blocks * found.bsize,
    freeFiles: found.ffree,
    files: found.files,
  };
}
