import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { BENCH_FOLDER, bundleEngine } from "../bundle.ts";
import { type ChannelSize, growingChannel } from "../channel/growing.ts";

const run = promisify(execFile);

/** What is done with an environment; each is a process of its own. */
export type Work = "empty" | "full" | "add" | "nothing" | "rollBack";

export interface GrowthPoint {
  readonly size: number;
  /** Seconds, from the program's first line on. */
  readonly took: Readonly<Record<Work, number>>;
}

export interface GrowthRun {
  readonly packages: readonly GrowthPoint[];
  readonly files: readonly GrowthPoint[];
}

const PACKAGES: readonly ChannelSize[] = [10, 100, 1000].map((packages) => ({
  packages,
  filesInEach: 10,
}));

const FILES: readonly ChannelSize[] = [10, 100, 1000].map((filesInEach) => ({
  packages: 100,
  filesInEach,
}));

const CHANNELS = join(BENCH_FOLDER, "growing-channels-1");

/** The channels, the program, and a folder for what it makes. */
export interface GrowthBench extends Disposable {
  readonly program: string;
  readonly folder: string;
}

export async function prepareGrowth(): Promise<GrowthBench> {
  for (const size of [...PACKAGES, ...FILES]) growingChannel(channelFolder(size), size);
  const program = await bundleEngine("bench/growth.ts");
  const folder = mkdtempSync(join(BENCH_FOLDER, "growth-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  return { program, folder, [Symbol.dispose]: remove };
}

const channelFolder = ({ packages, filesInEach }: ChannelSize) =>
  join(CHANNELS, `${packages}-${filesInEach}`);

/** All sizes, the small ones first. What was made stays until the end: see the README on ext4. */
export async function measureGrowth(bench: GrowthBench): Promise<GrowthRun> {
  const packages: GrowthPoint[] = [];
  for (const size of PACKAGES) packages.push(await measure(bench, size, size.packages));
  const files: GrowthPoint[] = [];
  for (const size of FILES) {
    files.push(await measure(bench, size, size.packages * size.filesInEach));
  }
  return { packages, files };
}

async function measure(
  { program, folder }: GrowthBench,
  channel: ChannelSize,
  size: number,
): Promise<GrowthPoint> {
  const root = mkdtempSync(join(folder, "run-"));
  const prefix = join(root, "env");
  const where = [prefix, join(root, "pkgs"), pathToFileURL(channelFolder(channel)).href];
  const timed = async (work: Work): Promise<number> => {
    await run("sync");
    const { stdout } = await run(process.execPath, [program, work, ...where]);
    return Number(stdout);
  };
  const empty = await timed("empty");
  mkdirSync(join(root, "aside"));
  renameSync(prefix, join(root, "aside/env"));
  rmSync(join(root, "snapshots"), { recursive: true, force: true });
  const full = await timed("full");
  const add = await timed("add");
  const nothing = await timed("nothing");
  return { size, took: { empty, full, add, nothing, rollBack: await timed("rollBack") } };
}
