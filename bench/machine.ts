import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import { setTimeout as delay } from "node:timers/promises";

/** Above this, something else takes part of the two cores, and figures are worth less. */
export const QUIET_LOAD = 0.5;

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly date: string;
  /** Over the last minute, when the run began. */
  readonly load: number;
}

export function describeMachine(): Machine {
  const all = cpus();
  return {
    processor: all[0]?.model.trim() ?? "unknown",
    cores: all.length,
    memoryBytes: totalmem(),
    kernel: release(),
    date: new Date().toISOString().slice(0, 10),
    load: currentLoad(),
  };
}

/** Processes that ran or wanted to, on average over the last minute. */
export function currentLoad(): number {
  return loadavg()[0] ?? 0;
}

/** Waits until the machine is quiet, or has not become so within the time. */
export async function untilQuiet(seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (currentLoad() > QUIET_LOAD && performance.now() < end) await delay(2000);
}

/** Seconds that all cores together have worked since the machine started. */
export function machineBusy(): number {
  const line = readFileSync("/proc/stat", "utf8").split("\n", 1)[0] ?? "";
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq) / TICKS;
}

/** Clock ticks a second, as Linux shows them to programs on all machines that Node runs on. */
const TICKS = 100;
