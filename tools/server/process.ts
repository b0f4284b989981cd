import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as delay } from "node:timers/promises";
import { programFailed, programUnstarted } from "./errors.ts";

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessId {
  readonly pid: number;
  /** Start time in clock ticks since the machine booted: field 22 of /proc/PID/stat. */
  readonly start: string;
}

interface ProcessStat extends ProcessId {
  readonly state: string;
}

/** Reads the text of /proc/PID/stat; the command in it may hold blanks and brackets. */
export function parseStat(text: string): ProcessStat {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { pid: Number.parseInt(text, 10), state: fields[0] ?? "", start: fields[19] ?? "" };
}

function readStat(pid: number): ProcessStat | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return null;
  }
}

/** Null when there is no such process. */
export function processId(pid: number): ProcessId | null {
  const stat = readStat(pid);
  return stat && { pid, start: stat.start };
}

/** False for another process with the same number, and for one that waits to be reaped. */
export function isAlive(id: ProcessId | null): boolean {
  const stat = id && readStat(id.pid);
  return stat !== null && stat.start === id?.start && stat.state !== "Z" && stat.state !== "X";
}

/** Sends a signal unless the process is gone. */
export function signal(id: ProcessId | null, name: NodeJS.Signals): void {
  if (id === null || !isAlive(id)) return;
  try {
    process.kill(id.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** The direct children of a process; empty when it is gone. */
export function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return text.split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Asks until the condition holds; false when it does not within the time (milliseconds). */
export async function until(condition: () => boolean, timeout: number): Promise<boolean> {
  const end = Date.now() + timeout;
  while (!condition()) {
    if (Date.now() > end) return false;
    await delay(10);
  }
  return true;
}

/** Waits until the processes are gone; kills those that are not within the time. */
export async function waitGone(ids: readonly ProcessId[], timeout: number): Promise<void> {
  if (await until(() => !ids.some(isAlive), timeout)) return;
  for (const id of ids) signal(id, "SIGKILL");
  await until(() => !ids.some(isAlive), 10_000);
}

/** argv that ends with this process, however that ends. */
export function boundToParent(argv: readonly string[]): string[] {
  return ["setpriv", "--pdeathsig", "KILL", "--", ...argv];
}

export interface RunOptions {
  /** The whole environment of the program. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer | Readable;
  /** Called for every line of standard output and standard error. */
  readonly onLine?: (line: string) => void;
  /** Milliseconds, after which the program is killed; no limit when absent. */
  readonly timeout?: number;
}

export interface RunResult {
  /** 128 and the signal's number when a signal ended the program. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RawResult extends Omit<RunResult, "stdout"> {
  readonly stdout: Buffer;
}

const SIGNAL_NUMBERS: Partial<Record<NodeJS.Signals, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGKILL: 9,
  SIGTERM: 15,
};

/** Resolves with the exit code as a shell would give it; rejects when it never started. */
export function exitOf(child: ChildProcess, file: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(programUnstarted(file, error)));
    child.once("close", (code, name) => {
      resolve(code ?? 128 + ((name && SIGNAL_NUMBERS[name]) ?? 0));
    });
  });
}

/** Cuts a stream into lines; a last line without a newline counts. No stream has none. */
export function eachLine(stream: Readable | null, onLine: (line: string) => void): void {
  if (stream === null) return;
  const decoder = new StringDecoder("utf8");
  let rest = "";
  stream.on("data", (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}

function feed(child: ChildProcess, input: RunOptions["input"]): void {
  if (child.stdin === null) return;
  // A program that ends before it has read everything is judged by its exit code.
  child.stdin.on("error", () => {});
  if (input === undefined || typeof input === "string" || Buffer.isBuffer(input)) {
    child.stdin.end(input);
  } else {
    input.pipe(child.stdin);
  }
}

function killTree(pid: number, name: NodeJS.Signals): void {
  for (const child of childrenOf(pid)) killTree(child, name);
  signal(processId(pid), name);
}

/**
 * Signals a program and what it started. nsenter itself is left to bury its child: a signal
 * would end it alone.
 */
export function killInside(pid: number, name: NodeJS.Signals): void {
  const children = childrenOf(pid);
  if (children.length === 0) signal(processId(pid), name);
  for (const child of children) killTree(child, name);
}

/** Runs a program without a shell and gives back how it ended, whatever its exit code. */
export async function runRaw(
  argv: readonly string[],
  options: RunOptions = {},
): Promise<RawResult> {
  const [file = "", ...args] = argv;
  const child = spawn(file, args, options.env === undefined ? {} : { env: { ...options.env } });
  const ended = exitOf(child, file);
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
  if (options.onLine) {
    eachLine(child.stdout, options.onLine);
    eachLine(child.stderr, options.onLine);
  }
  feed(child, options.input);
  const timer =
    options.timeout === undefined
      ? undefined
      : setTimeout(() => child.pid && killInside(child.pid, "SIGKILL"), options.timeout);
  try {
    const exitCode = await ended;
    return { exitCode, stdout: Buffer.concat(output), stderr: Buffer.concat(errors).toString() };
  } finally {
    clearTimeout(timer);
  }
}

/** As `runRaw`, with the output as text. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const result = await runRaw(argv, options);
  return { ...result, stdout: result.stdout.toString() };
}

/** Runs a program and throws `SERVER_PROGRAM_FAILED` unless it exits with 0. */
export async function must(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const result = await run(argv, options);
  if (result.exitCode !== 0) {
    throw programFailed(argv, result.exitCode, result.stderr || result.stdout);
  }
  return result;
}
