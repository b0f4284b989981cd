import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { writePlugins } from "../plugins/plugins.ts";
import type { PluginsReport } from "../plugins/program.ts";
import { type BenchServer, NODE, NODE_ENV, PLUGINS_PROGRAM } from "../server.ts";

const PREFIX = "/opt/tljh";
const COUNT = 100;

export interface PluginsRun extends PluginsReport {
  /** Seconds from the restart of the hub until it answers: without plugins, and with these. */
  readonly hubWithout: number;
  readonly hubWith: number;
}

/** What a hundred plugins that implement every hook cost, in place of those of the server. */
export async function measurePlugins({ server }: BenchServer, hub: string): Promise<PluginsRun> {
  await using made = await hundredPlugins();
  const kept = `${PREFIX}/plugins.kept`;
  await server.must(["mv", `${PREFIX}/plugins`, kept]);
  try {
    const hubWithout = await hubStart(server, hub);
    await server.copyIn(made.folder, `${PREFIX}/plugins`);
    const hubWith = await hubStart(server, hub);
    const argv = [...NODE, PLUGINS_PROGRAM, PREFIX];
    const report = JSON.parse(await server.must(argv, { env: NODE_ENV })) as PluginsReport;
    if (report.plugins !== COUNT) throw new Error(`${report.plugins} plugins were loaded`);
    return { ...report, hubWithout, hubWith };
  } finally {
    await server.must(["rm", "-rf", `${PREFIX}/plugins`]);
    await server.must(["mv", kept, `${PREFIX}/plugins`]);
  }
}

async function hundredPlugins() {
  const folder = await mkdtemp(join(tmpdir(), "tljh-bench-"));
  await writePlugins(folder, COUNT);
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** Two minutes for a hub that takes two seconds. */
const PATIENCE = 120_000;

async function hubStart(server: BenchServer["server"], hub: string): Promise<number> {
  const began = performance.now();
  await server.must(["systemctl", "restart", "jupyterhub"]);
  while (!(await answers(`${hub}/hub/health`))) {
    if (performance.now() - began > PATIENCE) throw new Error("the hub does not answer");
    await delay(10);
  }
  return (performance.now() - began) / 1000;
}

const answers = (address: string) =>
  fetch(address).then(
    ({ ok }) => ok,
    () => false,
  );
