import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { aborted, commandFailed, commandMissing } from "../prefix/errors.ts";

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** `false`: of this process's environment it sees the PATH alone. */
  readonly inherit?: boolean;
  /** What starts the command, as `timeout 60` does. */
  readonly under?: readonly string[];
  /** The prefix unless told. */
  readonly cwd?: string;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: (line: string, stream: "stdout" | "stderr") => void;
  /** `false`: a failed command is a result, not an error. */
  readonly reject?: boolean;
}

export interface RunResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  /** The end of what it wrote to both streams. */
  readonly output: string;
}

/** Output kept in memory, in characters. */
const KEPT_OUTPUT = 1_000_000;

export interface StagedPlace {
  readonly directory: string;
  readonly prefix: string;
}

/** The directory is seen at its final path by this command alone; nothing is left to unmount. */
const IN_PLACE = 'mount --bind "$1" "$2" && cd "$3" && shift 3 && exec "$@"';

function mountArguments({ directory, prefix }: StagedPlace, cwd: string): string[] {
  const unshare = ["unshare", "--mount", "--propagation", "private", "--"];
  return [...unshare, "/bin/sh", "-c", IN_PLACE, "sh", directory, prefix, cwd];
}

/** Containers often forbid mounts. */
export function canMount(place: StagedPlace): boolean {
  const [command = "", ...rest] = [...mountArguments(place, "/"), "true"];
  return spawnSync(command, rest, { stdio: "ignore" }).status === 0;
}

export interface SpawnInPlace {
  readonly cwd?: string | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly inherit?: boolean | undefined;
  readonly under?: readonly string[] | undefined;
  readonly stdio: SpawnOptions["stdio"];
  readonly signal?: AbortSignal | undefined;
}

export function spawnInPlace(
  place: StagedPlace,
  mounts: boolean,
  argv: readonly string[],
  options: SpawnInPlace,
): ChildProcess {
  const environment = childEnvironment(place.prefix, options);
  const under = options.under ?? [];
  const cwd = options.cwd ?? place.prefix;
  const base = { stdio: options.stdio, ...(options.signal && { signal: options.signal }) };
  if (mounts) {
    const [command = "", ...rest] = [...mountArguments(place, cwd), ...under, ...argv];
    return spawn(command, rest, { ...base, env: environment });
  }
  const [command = "", ...rest] = [...under, ...elsewhere(place, argv)];
  const env = Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, moved(place, value ?? "")]),
  );
  return spawn(command, rest, { ...base, cwd: moved(place, cwd), env });
}

/** As in an activated environment, and nothing of the admin's own Python. */
function childEnvironment(
  prefix: string,
  { environment, inherit }: Pick<SpawnInPlace, "environment" | "inherit">,
): NodeJS.ProcessEnv {
  const { PYTHONPATH: _path, PYTHONHOME: _home, ...inherited } = process.env;
  const path = `${prefix}/bin:${process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin"}`;
  const base = inherit === false ? {} : inherited;
  return { ...base, PATH: path, CONDA_PREFIX: prefix, ...environment };
}

/** The command as it must be where the directory cannot be mounted at its final path. */
function elsewhere(place: StagedPlace, argv: readonly string[]): string[] {
  const [command = "", ...rest] = argv.map((argument) => moved(place, argument));
  return [...interpreter(place, command), command, ...rest];
}

function moved({ directory, prefix }: StagedPlace, text: string): string {
  return text
    .split(":")
    .map((part) =>
      part === prefix || part.startsWith(`${prefix}/`)
        ? join(directory, part.slice(prefix.length))
        : part,
    )
    .join(":");
}

/** A script names its interpreter by the final path, where there is none yet. */
function interpreter(place: StagedPlace, script: string): string[] {
  const head = firstBytes(script);
  if (!head.startsWith("#!")) return [];
  const [first = "", second = ""] = head.split("\n");
  const quoted = /^'''exec' "([^"]+)"/.exec(second)?.[1];
  const [command = "", ...options] =
    quoted === undefined ? first.slice(2).trim().split(" ") : [quoted];
  return command.startsWith(`${place.prefix}/`) ? [moved(place, command), ...options] : [];
}

function firstBytes(file: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch {
    return "";
  }
  const buffer = Buffer.alloc(1024);
  const length = readSync(descriptor, buffer);
  closeSync(descriptor);
  return buffer.toString("latin1", 0, length);
}

/** Runs a command to its end. */
export function runInPlace(
  place: StagedPlace,
  mounts: boolean,
  argv: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  const child = spawnInPlace(place, mounts, argv, {
    cwd: options.cwd,
    environment: options.environment,
    inherit: options.inherit,
    under: options.under,
    signal: options.signal,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kept = { stdout: "", output: "" };
  follow(child, (line, stream) => {
    if (stream === "stdout") kept.stdout = `${kept.stdout}${line}\n`.slice(-KEPT_OUTPUT);
    kept.output = `${kept.output}${line}\n`.slice(-KEPT_OUTPUT);
    options.onLine?.(line, stream);
  });
  return new Promise((resolve, reject) => {
    child.on("error", (error) =>
      reject(error.name === "AbortError" ? aborted(error) : commandMissing(argv, error)),
    );
    child.on("close", (exitCode) => {
      if (exitCode === 0 || options.reject === false) resolve({ exitCode, ...kept });
      else reject(commandFailed(argv, exitCode, kept.output));
    });
  });
}

function follow(
  child: ChildProcess,
  onLine: (line: string, stream: "stdout" | "stderr") => void,
): void {
  for (const stream of ["stdout", "stderr"] as const) {
    const input = child[stream];
    if (input !== null) createInterface({ input }).on("line", (line) => onLine(line, stream));
  }
}
