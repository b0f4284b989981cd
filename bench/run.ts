/** `npm run bench`: what the product costs on this machine. */
import { writeFileSync } from "node:fs";
import { Progress } from "../tools/demo/progress.ts";
import { checkRequirements, ServerError } from "../tools/server/index.ts";
import { changesText } from "./changes-table.ts";
import type { Figures } from "./figures.ts";
import { growthText } from "./growth-table.ts";
import { hooksText } from "./hooks-table.ts";
import { currentLoad, describeMachine, QUIET_LOAD, untilQuiet } from "./machine.ts";
import { measureChanges, prepareChanges } from "./measure/changes.ts";
import { checkEnvironment, measureEnvironment } from "./measure/environment.ts";
import { measureGrowth, prepareGrowth } from "./measure/growth.ts";
import { checkPluggy, measurePluggy } from "./measure/pluggy.ts";
import { measurePlugins } from "./measure/plugins.ts";
import {
  installProduct,
  measureApply,
  measureLogin,
  measureSet,
  measureShow,
} from "./measure/product.ts";
import { measureSolve, prepareSolve } from "./measure/solve.ts";
import {
  FIGURES,
  HELP,
  type Options,
  type Part,
  PRODUCT_PARTS,
  readOptions,
  SERVER_PARTS,
} from "./options.ts";
import { writeReadme } from "./readme.ts";
import { type BenchServer, makeBenchServer } from "./server.ts";
import { solveText } from "./solve-table.ts";
import { figuresText } from "./table.ts";

const progress = new Progress(process.stderr);

async function bench(options: Options): Promise<void> {
  if (options.wait > 0)
    await progress.step("wait for a quiet machine", () => untilQuiet(options.wait));
  const machine = describeMachine();
  warnIfBusy();
  const figures: Figures = {
    machine,
    pluggy: await measureHooks(options),
    solve: await measureSolves(options),
    growth: await measureGrowths(options),
    ...(await measureInServer(options)),
  };
  tell("figures", FIGURES, figuresText(figures), options);
  tell("figures of hooks", ["pluggy"], hooksText(figures), options);
  tell("figures of solves", ["solve"], solveText(figures), options);
  tell("figures of changes", ["changes"], changesText(figures), options);
  tell("figures of growth", ["growth"], growthText(figures), options);
  if (options.json !== null) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
}

/** Prints the figures of some parts, and writes them into their place in the README. */
function tell(block: string, parts: readonly Part[], text: string, options: Options): void {
  if (!options.parts.some((part) => parts.includes(part))) return;
  process.stdout.write(`\n${text}\n`);
  if (options.write) writeReadme(block, text);
}

async function measureHooks({ parts, runs }: Options): Promise<Figures["pluggy"]> {
  if (!parts.includes("pluggy")) return [];
  await checkPluggy();
  return repeated("calls of hooks, beside Python's pluggy", runs, measurePluggy);
}

async function measureSolves({ parts, runs }: Options): Promise<Figures["solve"]> {
  if (!parts.includes("solve")) return [];
  const made = await progress.step("a channel of 1,000,000 records", prepareSolve);
  return repeated("solves", runs, () => measureSolve(made));
}

async function measureGrowths({ parts, runs }: Options): Promise<Figures["growth"]> {
  if (!parts.includes("growth")) return [];
  using made = await progress.step("channels of growing size", prepareGrowth);
  return repeated("environments of growing size", runs, () => measureGrowth(made));
}

/** What is measured without a server. */
type Serverless = "machine" | "pluggy" | "solve" | "growth";

async function measureInServer(options: Options): Promise<Omit<Figures, Serverless>> {
  if (!needsServer(options)) {
    return { cold: [], warm: [], ...noProduct };
  }
  await using made = await makeBenchServer(progress);
  return { ...(await measureEngine(made, options)), ...(await measureProduct(made, options)) };
}

function needsServer({ parts }: Options): boolean {
  return parts.some((part) => SERVER_PARTS.includes(part));
}

function warnIfBusy(): void {
  const load = currentLoad();
  if (load <= QUIET_LOAD) return;
  progress.line(`the machine is not quiet: its load is ${load.toFixed(2)}. Figures will be worse.`);
}

/** Runs something several times, after each other. */
async function repeated<T>(
  title: string,
  runs: number,
  work: (run: number) => Promise<T>,
): Promise<T[]> {
  return progress.step(title, async (note) => {
    const results: T[] = [];
    for (let run = 0; run < runs; run += 1) {
      note(`${run + 1} of ${runs}`);
      results.push(await work(run));
    }
    return results;
  });
}

async function measureEngine(
  made: BenchServer,
  { parts, runs }: Options,
): Promise<Pick<Figures, "cold" | "warm">> {
  if (!parts.includes("environment")) return { cold: [], warm: [] };
  // Its code is compiled and the channel's files are in memory from here on.
  await progress.step("one environment unmeasured", () => measureEnvironment(made, true));
  const cold = await repeated("environments, empty cache", runs, () =>
    measureEnvironment(made, true),
  );
  const warm = await repeated("environments, full cache", runs, () =>
    measureEnvironment(made, false),
  );
  await checkEnvironment(made);
  return { cold, warm };
}

const noProduct = {
  ...{ install: [], show: [], set: [], apply: [], login: [], plugins: [], changes: [] },
};

async function measureProduct(
  made: BenchServer,
  { parts, runs }: Options,
): Promise<Omit<Figures, Serverless | "cold" | "warm">> {
  const wants = (part: Part): number => (parts.includes(part) ? runs : 0);
  if (!parts.some((part) => PRODUCT_PARTS.includes(part))) return noProduct;
  const install = await progress.step("tljh install", () => installProduct(made));
  const { url } = await made.server.forward(80);
  return {
    install: [install],
    show: await repeated("tljh-config show", wants("config"), () => measureShow(made)),
    apply: await repeated("tljh apply", wants("apply"), () => measureApply(made)),
    login: await repeated("login", wants("login"), () => measureLogin(`${url}/`)),
    plugins: await repeated("a hundred plugins", wants("plugins"), () => measurePlugins(made, url)),
    changes: await measureAllChanges(made, wants("changes")),
    // Last, for there is something to apply from here on.
    set: await repeated("tljh-config set", wants("config"), (run) => measureSet(made, run)),
  };
}

async function measureAllChanges(made: BenchServer, runs: number): Promise<Figures["changes"]> {
  if (runs === 0) return [];
  await progress.step("an environment to change", () => prepareChanges(made));
  return repeated("changes of one package", runs, () => measureChanges(made));
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) process.stdout.write(HELP);
  else {
    if (needsServer(options)) checkRequirements();
    await bench(options);
  }
} catch (error) {
  const remedy = error instanceof ServerError ? `\n${error.remedy}` : "";
  const isPlain = error instanceof ServerError || error instanceof TypeError;
  const text = error instanceof Error ? (isPlain ? error.message : error.stack) : String(error);
  process.stderr.write(`\n${text}${remedy}\n`);
  process.exitCode = 1;
}
