/**
 * Solves against a channel as the product does, and writes what it saw of itself as a line of JSON.
 *
 * Arguments: the channel, the folder of the package cache, the specs.
 */
import { currentPlatform, solve } from "../packages/conda/src/index.ts";

export interface SolveReport {
  readonly packages: number;
  /** Seconds. */
  readonly took: number;
  /** The most memory that the process held (`getrusage`), in bytes. */
  readonly memory: number;
}

const [channel = "", cacheDir = "", ...specs] = process.argv.slice(2);
const began = performance.now();
const records = await solve({ channels: [channel], cacheDir, specs, platform: currentPlatform() });
const report: SolveReport = {
  packages: records.length,
  took: (performance.now() - began) / 1000,
  memory: process.resourceUsage().maxRSS * 1024,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
