/**
 * Does one thing with an environment as the product does, and writes how long that took, in seconds.
 *
 * Arguments: the work, the environment, its package cache, the channel.
 */
import { dirname, join } from "node:path";
import { changeEnvironment, currentPlatform, rollBack } from "../packages/conda/src/index.ts";
import { ALL, ONE_MORE } from "./channel/growing.ts";
import type { Work } from "./measure/growth.ts";

const [work, prefix = "", cacheDir = "", channel = ""] = process.argv.slice(2);
const snapshotsDir = join(dirname(prefix), "snapshots");

const change = (specs: readonly string[]) =>
  changeEnvironment({
    prefix,
    cacheDir,
    snapshotsDir,
    channels: [channel],
    specs,
    platform: currentPlatform(),
  });

const works: Readonly<Record<Work, () => Promise<unknown>>> = {
  empty: () => change([ALL]),
  full: () => change([ALL]),
  add: () => change([ONE_MORE]),
  nothing: () => change([ALL]),
  rollBack: () => rollBack({ prefix, snapshotsDir }),
};

const began = performance.now();
await works[work as Work]();
process.stdout.write(JSON.stringify((performance.now() - began) / 1000));
