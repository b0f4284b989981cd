import { readFileSync } from "node:fs";
import type { Server } from "../tools/server/index.ts";
import { childrenOf, eachLine } from "../tools/server/process.ts";
import { machineBusy } from "./machine.ts";

/** What one run of a program cost; times in seconds. */
export interface Cost {
  readonly wall: number;
  /** Of the program and of all that it waited for. */
  readonly cpu: number;
  /** The part of it that the kernel worked for the program. */
  readonly system: number;
  /** The largest sum of resident memory, of the program and all below it, that was seen. */
  readonly memory: number;
  /** CPU seconds of everything else on the machine meanwhile. */
  readonly others: number;
}

export interface CostlyRun extends Cost {
  readonly stdout: string;
  readonly stderr: string;
}

/** The shell's own keyword counts what the kernel says of the program when it has ended. */
const TIMED = 'TIMEFORMAT="%3R %3U %3S"; time "$@"';

/** How often memory is looked at, in milliseconds. */
const SAMPLE = 25;

/** Runs a program in a server and says what that cost; throws unless it exits with 0. */
export async function costOf(
  server: Server,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CostlyRun> {
  const busy = machineBusy();
  const running = await server.spawn(["bash", "-c", TIMED, "bash", ...argv], { env });
  const output: string[] = [];
  const errors: string[] = [];
  eachLine(running.child.stdout, (line) => output.push(line));
  eachLine(running.child.stderr, (line) => errors.push(line));
  const peak = watchMemory(running.child.pid ?? -1);
  const exitCode = await running.ended;
  const memory = peak();
  const [wall = 0, user = 0, system = 0] = (errors.pop() ?? "").split(" ").map(Number);
  if (exitCode !== 0) {
    throw new Error(
      `${argv.join(" ")}: exit code ${exitCode}\n${[...output, ...errors].join("\n")}`,
    );
  }
  const cpu = user + system;
  const others = Math.max(0, machineBusy() - busy - cpu);
  return {
    wall,
    cpu,
    system,
    memory,
    others,
    stdout: output.join("\n"),
    stderr: errors.join("\n"),
  };
}

/** Begins to look; the answer ends it and says the most that was seen. */
function watchMemory(pid: number): () => number {
  let most = 0;
  const look = (): void => {
    most = Math.max(most, residentBelow(pid));
  };
  const timer = setInterval(look, SAMPLE);
  return () => {
    clearInterval(timer);
    return most;
  };
}

/** Bytes that a process and all below it hold; what two of them share counts twice. */
function residentBelow(pid: number): number {
  const below = childrenOf(pid).map(residentBelow);
  return below.reduce((sum, bytes) => sum + bytes, resident(pid));
}

function resident(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4096;
  } catch {
    return 0; // it has just ended
  }
}
