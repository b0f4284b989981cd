import { type Cost, costOf } from "../cost.ts";
import type { EngineReport, PhaseTimes } from "../engine.ts";
import { type BenchServer, ENGINE, NODE, NODE_ENV } from "../server.ts";

/** What micromamba was once measured with; see the README. */
export const SPECS = [
  ...["python", "jupyterlab", "jupyterhub", "xarray", "dask", "pip", "ipykernel"],
  ...["nbclassic", "notebook"],
];

const ROOT = "/opt/bench";

/** And what was written so far reaches the disk, so that no run waits for those before it. */
const PUT_ASIDE = `mkdir -p "$1" && cd "$1" && shift && aside=$(mktemp -d old.XXXXXX) &&
  for name; do if [ -e "$name" ]; then mv "$name" "$aside"; fi; done && sync`;

export interface EnvironmentRun extends Cost {
  /** The engine's own process alone, by `getrusage`. */
  readonly ownMemory: number;
  readonly packages: number;
  readonly files: number;
  readonly phases: Readonly<Record<string, PhaseTimes>>;
}

/**
 * One environment made from nothing; with an empty package cache when `cold`. What earlier runs made
 * is put aside, not removed: ext4 makes new files slowly for minutes after many were removed.
 */
export async function measureEnvironment(
  { server, sources }: BenchServer,
  cold: boolean,
): Promise<EnvironmentRun> {
  await server.must(["sh", "-c", PUT_ASIDE, "sh", ROOT, ...(cold ? ["env", "pkgs"] : ["env"])]);
  const argv = [...NODE, ENGINE, ROOT, sources.channel, ...SPECS];
  const { stdout, stderr: _, ...cost } = await costOf(server, argv, NODE_ENV);
  const { memory: ownMemory, ...report } = JSON.parse(stdout) as EngineReport;
  return { ...cost, ...report, ownMemory };
}

/** Throws unless the environment that was made last does what it is for. */
export async function checkEnvironment({ server }: BenchServer): Promise<void> {
  const code = "import jupyterlab, jupyterhub, xarray, dask, ipykernel, nbclassic, notebook, pip";
  await server.must([`${ROOT}/env/bin/python`, "-c", code]);
  await server.must([`${ROOT}/env/bin/jupyter-lab`, "--version"]);
}
