/**
 * Runs in the server: makes one environment with the engine, as the product calls it, and writes
 * what it saw of itself as a line of JSON.
 *
 * Arguments: the folder to work in, the channel, the specs.
 */
import { join } from "node:path";
import {
  type CondaEvent,
  changeEnvironment,
  currentPlatform,
} from "../packages/conda/src/index.ts";

/** A phase's first and last moment, in seconds since the program started. */
export interface PhaseTimes {
  readonly start: number;
  readonly end: number;
}

export interface EngineReport {
  readonly packages: number;
  readonly files: number;
  /** The most memory that this process alone held (`getrusage`), in bytes. */
  readonly memory: number;
  /** When this program's first line ran. */
  readonly loaded: number;
  readonly phases: Readonly<Record<string, PhaseTimes>>;
}

const sinceStart = (): number => Math.round(performance.now()) / 1000;
const loaded = sinceStart();
const phases: Record<string, { start: number; end: number }> = {};

function onEvent(event: CondaEvent): void {
  if (event.type !== "phase.start" && event.type !== "phase.done") return;
  const times = phases[event.phase];
  if (times === undefined) phases[event.phase] = { start: sinceStart(), end: 0 };
  else times.end = sinceStart();
}

const [root = "", channel = "", ...specs] = process.argv.slice(2);
const { records } = await changeEnvironment({
  prefix: join(root, "env"),
  cacheDir: join(root, "pkgs"),
  snapshotsDir: join(root, "snapshots"),
  channels: [channel],
  specs,
  platform: currentPlatform(),
  onEvent,
});
const report: EngineReport = {
  packages: records.length,
  files: records.reduce((sum, record) => sum + record.files.length, 0),
  memory: process.resourceUsage().maxRSS * 1024,
  loaded,
  phases,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
