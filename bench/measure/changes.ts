import { type Cost, costOf } from "../cost.ts";
import type { BenchServer } from "../server.ts";
import { SPECS } from "./environment.ts";

const TLJH = "/opt/tljh/app/bin/tljh";
const FOLDER = "/root/bench-changes";

/** A package of the forged channel with a module and nothing below it. */
const SMALL = "forge-hello";

export type Change = "add" | "nothing" | "remove" | "rollBack";

export interface ChangeRun extends Cost {
  /** Seconds of each phase, as the command tells them. */
  readonly phases: Readonly<Record<string, number>>;
}

export type ChangesRun = Readonly<Record<Change, ChangeRun>>;

const update = (file: string) => ["env", "update", "--prune", "--file", `${FOLDER}/${file}`];

const COMMANDS: Readonly<Record<Change, readonly string[]>> = {
  add: update("with.yml"),
  nothing: ["env", "update", "--file", `${FOLDER}/with.yml`],
  remove: update("without.yml"),
  rollBack: ["env", "rollback"],
};

/**
 * The users' environment with all that is measured elsewhere, too; and one round of changes, so that the small
 * package is in the cache and there are as many earlier generations as are kept.
 */
export async function prepareChanges(made: BenchServer): Promise<void> {
  const { server } = made;
  await server.must(["mkdir", "-p", FOLDER]);
  await server.writeFile(`${FOLDER}/without.yml`, environmentYaml(SPECS));
  await server.writeFile(`${FOLDER}/with.yml`, environmentYaml([...SPECS, SMALL]));
  await server.must([TLJH, ...COMMANDS.remove]);
  await measureChanges(made);
}

const environmentYaml = (specs: readonly string[]) =>
  `dependencies:\n${specs.map((spec) => `  - ${spec}\n`).join("")}`;

/** Each change once; afterwards the environment is as it was. */
export async function measureChanges({ server }: BenchServer): Promise<ChangesRun> {
  const measure = async (change: Change): Promise<ChangeRun> => {
    await server.must(["sync"]);
    const argv = [TLJH, ...COMMANDS[change], "--timings"];
    const { stdout, stderr, ...cost } = await costOf(server, argv);
    if (stdout.includes("Nothing to do") !== (change === "nothing")) {
      throw new Error(`${argv.join(" ")} did something else than was to be measured:\n${stdout}`);
    }
    return { ...cost, phases: phasesOf(stderr) };
  };
  const add = await measure("add");
  const nothing = await measure("nothing");
  const remove = await measure("remove");
  const rollBack = await measure("rollBack");
  await server.must([TLJH, ...COMMANDS.remove]);
  return { add, nothing, remove, rollBack };
}

/** What `--timings` says: `stage 0.40 s, exchange 0.04 s`, in seconds. Pure. */
export function phasesOf(timings: string): Readonly<Record<string, number>> {
  const found = timings.matchAll(/([a-z]+) (\d+(?:\.\d+)?) (m?)s\b/g);
  return Object.fromEntries(
    [...found].map(([, phase = "", took, milli]) => [phase, Number(took) / (milli ? 1000 : 1)]),
  );
}
