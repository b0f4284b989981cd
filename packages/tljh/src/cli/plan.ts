import { styleText } from "node:util";
import { Command } from "commander";
import type { EventSink } from "../events.ts";
import { checkRoot } from "../install/preflight.ts";
import { type PlannedStep, plan } from "../resources/plan.ts";
import type { Difference } from "../resources/resource.ts";
import { server as resources } from "../resources/server.ts";
import { serverPaths } from "../system/paths.ts";
import { type ContextOptions, serverContext } from "./context.ts";
import { type WantedFlags, wantedByFlags } from "./wanted.ts";

interface PlanFlags extends Omit<WantedFlags, "userRequirementsTxtUrl"> {
  readonly json?: boolean;
}

export function planCommand(): Command {
  return new Command("plan")
    .summary("show what install or apply would change")
    .description("Show what install or apply would change, and change nothing.")
    .option("--plugin <spec...>", "as if these plugins were asked for")
    .option("--lock <file>", "as if the plugins of this lock were asked for")
    .option("--channel <url...>", "as if from these conda channels")
    .option("--json", "the plan as JSON")
    .addHelpText("after", "\nExamples:\n  sudo tljh plan\n  sudo tljh plan --plugin ./my-plugin")
    .action((flags: PlanFlags) => printPlan(flags));
}

async function printPlan(flags: PlanFlags): Promise<void> {
  checkRoot("tljh plan");
  const paths = serverPaths();
  const steps = await planServer({ paths, ...(await wantedByFlags(flags, paths)) });
  process.stdout.write(flags.json ? `${JSON.stringify(steps, null, 2)}\n` : planText(steps));
}

/** What applying would change; plugins that fail are warned of. */
export async function planServer(
  server: Pick<ContextOptions, "wanted"> & Required<Pick<ContextOptions, "paths" | "pins">>,
): Promise<readonly PlannedStep[]> {
  const { paths, wanted, pins } = server;
  const how = { dryRun: true, skipFailing: true, emit: warn };
  const context = serverContext({ paths, wanted, pins, ...how });
  try {
    return await plan(resources, context);
  } finally {
    await context.close();
  }
}

/** A plugin that fails would end an apply; of the others it can be told what they would change. */
const warn: EventSink = (event) => {
  if (event.type === "warning") process.stderr.write(`warning: ${event.message}\n`);
};

const signs = { add: "+", change: "~", remove: "-" } as const;
const colours = { add: "green", change: "yellow", remove: "red" } as const;

/** The plan for a reader; colours only where standard output is a terminal. */
export function planText(steps: readonly PlannedStep[]): string {
  const due = steps.filter((step) => step.differences.length > 0 || step.unknown);
  if (due.length === 0) return "Nothing to do: the server is as wanted.\n";
  const lines = due.flatMap((step) => [
    styleText("bold", step.title),
    ...(step.unknown ? [`  ? ${step.unknown}`] : step.differences.map(differenceLine)),
  ]);
  return `${lines.join("\n")}\n`;
}

function differenceLine({ action, what, because, formerly }: Difference): string {
  const reasons = [
    ...(because ? [`wanted by ${because}`] : []),
    ...(formerly ? [`was wanted by ${formerly}`] : []),
  ];
  const reason = reasons.length > 0 ? styleText("dim", `  (${reasons.join(", ")})`) : "";
  return `  ${styleText(colours[action], signs[action])} ${what}${reason}`;
}
