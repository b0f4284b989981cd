import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import {
  accountMissing,
  accountRoot,
  commandMissing,
  serverNotStarted,
  unitForeign,
  unitRunning,
} from "../errors/daemon.ts";
import { type Account, readAccount } from "../system/accounts.ts";
import { type ExecResult, tryExec } from "../system/exec.ts";
import type { Log } from "../system/log.ts";
import { resetFailed, showProperties, stopUnit, unitLog } from "../system/systemd.ts";
import {
  type PropertyValue,
  systemdRunArguments,
  transientUnitName,
  unusableVariables,
} from "../system/transient.ts";
import type { EnvironmentFiles } from "./environment.ts";
import { Shared } from "./queue.ts";
import type { Environment } from "./spawn-environment.ts";

export interface ServerRequest {
  readonly unit: string;
  /** Null lets systemd make an account for the time the server runs (DynamicUser). */
  readonly account: string | null;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string | null;
  readonly properties: Readonly<Record<string, PropertyValue>>;
  readonly slice: string | null;
  /** Seconds that plugins may keep the user waiting. */
  readonly patience: number;
}

/** What plugins make of the environment of an account's server, within so many milliseconds. Never throws. */
export type Prepare = (
  account: string,
  environment: Environment,
  patience: number,
) => Promise<Environment>;

export interface ServerStatus {
  readonly running: boolean;
  readonly activeState: string;
  readonly subState: string;
  /** Null while it runs, and when it is no longer known. */
  readonly exitStatus: number | null;
  readonly result: string;
  readonly mainPid: number | null;
}

/** The machine's side of `Servers`, so that what decides can be tested without systemd. */
export interface ServersMachine {
  readAccount(name: string): Promise<Account | null>;
  show(unit: string): Promise<ReadonlyMap<string, string>>;
  run(args: readonly string[]): Promise<ExecResult>;
  stop(unit: string): Promise<void>;
  reset(unit: string): Promise<void>;
  log(unit: string): Promise<string>;
  isProgram(path: string): Promise<boolean>;
}

const shown = [
  "LoadState",
  "ActiveState",
  "SubState",
  "Transient",
  "Result",
  "ExecMainStatus",
  "ExecMainExitTimestampMonotonic",
  "MainPID",
];

const systemdMachine: ServersMachine = {
  readAccount,
  show: (unit) => showProperties(unit, shown),
  run: (args) => tryExec("systemd-run", args, { env: { LC_ALL: "C" } }),
  stop: stopUnit,
  reset: resetFailed,
  log: (unit) => unitLog(unit, 15),
  isProgram: (path) =>
    access(path, constants.X_OK).then(
      () => true,
      () => false,
    ),
};

/** What `systemctl show` says, as the hub's poll wants it. */
export function serverStatus(properties: ReadonlyMap<string, string>): ServerStatus {
  const get = (name: string) => properties.get(name) ?? "";
  const activeState = get("ActiveState") || "inactive";
  const running = ["active", "activating", "reloading", "deactivating", "refreshing"];
  const ended = Number(get("ExecMainExitTimestampMonotonic")) > 0;
  const isRunning = running.includes(activeState);
  return {
    running: isRunning,
    activeState,
    subState: get("SubState") || "dead",
    exitStatus: !isRunning && ended ? Number(get("ExecMainStatus")) : null,
    result: get("Result") || "success",
    mainPid: Number(get("MainPID")) || null,
  };
}

/** systemd starts the program again by itself, and reads the environment again for that. */
export function isRestarted(properties: Readonly<Record<string, PropertyValue>>): boolean {
  const restart = [properties.Restart ?? "no"].flat().at(-1);
  return restart !== "no" && restart !== "";
}

/** The servers of users: transient units of systemd, which live on whatever becomes of the daemon. */
export class Servers {
  readonly #files: EnvironmentFiles;
  readonly #prepare: Prepare;
  readonly #machine: ServersMachine;
  readonly #log: Log;
  readonly #stopping = new Shared<void>();

  constructor(
    files: EnvironmentFiles,
    prepare: Prepare,
    log: Log,
    machine: ServersMachine = systemdMachine,
  ) {
    this.#files = files;
    this.#prepare = prepare;
    this.#machine = machine;
    this.#log = log;
  }

  async start(request: ServerRequest): Promise<{ unit: string }> {
    const name = transientUnitName(request.unit);
    const account = request.account === null ? null : await this.#account(request.account);
    // As the hub asked for it: no plugin's PATH can keep the program from being found.
    const command = await this.#resolve(request);
    await this.#makeRoom(name);
    const { unit, slice, workingDirectory, properties } = request;
    const environment = await this.#prepared(request);
    this.#warn(unit, environment);
    const environmentFile = await this.#files.write(name, environment);
    try {
      const args = { unit, command, account, workingDirectory, slice, properties, environmentFile };
      const result = await this.#machine.run(systemdRunArguments(args));
      if (result.exitCode !== 0) throw await this.#failure(unit, name, result);
    } catch (error) {
      await this.#files.remove(name);
      throw error;
    }
    // systemd has read the file when systemd-run ends.
    if (!isRestarted(properties)) await this.#files.remove(name);
    return { unit };
  }

  async status(unit: string): Promise<ServerStatus> {
    return serverStatus(await this.#machine.show(transientUnitName(unit)));
  }

  /** Waits until the server is gone. Only units that systemd-run made are touched. */
  stop(unit: string): Promise<void> {
    const name = transientUnitName(unit);
    return this.#stopping.run(name, async () => {
      const properties = await this.#machine.show(name);
      checkOurs(unit, properties);
      if (properties.get("LoadState") === "loaded") await this.#machine.stop(name);
      await this.#machine.reset(name);
      await this.#files.remove(name);
    });
  }

  /** An account that systemd makes for the time of the server is none that a plugin could prepare. */
  #prepared({ account, environment, patience }: ServerRequest): Promise<Environment> {
    if (account === null) return Promise.resolve(environment);
    return this.#prepare(account, environment, patience * 1000);
  }

  async #account(name: string): Promise<Account> {
    const account = await this.#machine.readAccount(name);
    if (account === null) throw accountMissing(name);
    if (account.uid === 0) throw accountRoot(name);
    return account;
  }

  /** systemd wants an absolute path; a bare name is looked for in the server's own PATH. */
  async #resolve({ command, environment, workingDirectory }: ServerRequest): Promise<string[]> {
    const [program = "", ...args] = command;
    const folders = program.includes("/")
      ? [workingDirectory ?? "/"]
      : (environment.PATH ?? "/usr/local/bin:/usr/bin:/bin").split(delimiter).filter(isAbsolute);
    for (const folder of program === "" ? [] : folders) {
      const path = program.includes("/") ? resolve(folder, program) : join(folder, program);
      if (await this.#machine.isProgram(path)) return [path, ...args];
    }
    throw commandMissing(program);
  }

  /** A unit of that name that failed is forgotten; one that runs is not ours to replace. */
  async #makeRoom(name: string): Promise<void> {
    const properties = await this.#machine.show(name);
    checkOurs(name, properties);
    if (serverStatus(properties).running) throw unitRunning(name);
    if (properties.get("LoadState") === "loaded") await this.#machine.reset(name);
  }

  #warn(unit: string, environment: Readonly<Record<string, string>>): void {
    const unusable = unusableVariables(environment);
    if (unusable.length === 0) return;
    const variables = unusable.join(" ").slice(0, 500);
    this.#log("warn", "variables that systemd does not take are left out", { unit, variables });
  }

  async #failure(unit: string, name: string, result: ExecResult): Promise<Error> {
    const properties = await this.#machine.show(name);
    const { exitStatus } = serverStatus(properties);
    const log = await this.#machine.log(name);
    return serverNotStarted(unit, exitStatus, [result.stderr.trim(), log].filter(Boolean));
  }
}

/** A service that somebody installed is neither started over nor stopped. */
function checkOurs(unit: string, properties: ReadonlyMap<string, string>): void {
  const isLoaded = properties.get("LoadState") === "loaded";
  if (isLoaded && properties.get("Transient") !== "yes") throw unitForeign(unit);
}
