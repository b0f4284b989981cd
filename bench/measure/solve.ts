import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { BENCH_FOLDER, bundleEngine } from "../bundle.ts";
import { type LargeChannel, largeChannel, packageName } from "../channel/large.ts";
import type { SolveReport } from "../solve.ts";

const run = promisify(execFile);

/** What is asked for: its solution has about as many packages as a class's environment. */
const SPECS = [packageName(250)];

export interface SolveRun {
  readonly sharded: SolveReport;
  readonly whole: SolveReport;
}

/** The channel, and the program that solves against it, bundled as a release is. */
export interface SolveBench {
  readonly channel: LargeChannel;
  readonly program: string;
}

export async function prepareSolve(): Promise<SolveBench> {
  return {
    channel: await largeChannel(join(BENCH_FOLDER, "large-channel-1")),
    program: await bundleEngine("bench/solve.ts"),
  };
}

/** Both forms, one after the other, each in a process of its own and without a cache. */
export async function measureSolve({ channel, program }: SolveBench): Promise<SolveRun> {
  const sharded = await reportOf(program, channel.sharded);
  return { sharded, whole: await reportOf(program, channel.whole) };
}

async function reportOf(program: string, channel: string): Promise<SolveReport> {
  const cache = mkdtempSync(join(BENCH_FOLDER, "solve-cache-"));
  try {
    const argv = [program, pathToFileURL(channel).href, cache, ...SPECS];
    const { stdout } = await run(process.execPath, argv);
    return JSON.parse(stdout) as SolveReport;
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}
