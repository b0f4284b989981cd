import { styleText } from "node:util";
import { Command } from "commander";
import type { EventSink } from "../events.ts";
import { mergeInstallation } from "../install/installation.ts";
import { checkRoot } from "../install/preflight.ts";
import { classify } from "../plugins/index.ts";
import { type PlannedStep, plan } from "../resources/plan.ts";
import type { Difference } from "../resources/resource.ts";
import { server } from "../resources/server.ts";
import { serverPaths } from "../system/paths.ts";
import { recordedInstallation, serverContext } from "./context.ts";

interface PlanFlags {
  readonly plugin?: readonly string[];
  readonly channel?: readonly string[];
  readonly json?: boolean;
}

export function planCommand(): Command {
  return new Command("plan")
    .summary("show what install or apply would change")
    .description("Show what install or apply would change, and change nothing.")
    .option("--plugin <spec...>", "as if these plugins were asked for")
    .option("--channel <url...>", "as if from these conda channels")
    .option("--json", "the plan as JSON")
    .addHelpText("after", "\nExamples:\n  sudo tljh plan\n  sudo tljh plan --plugin ./my-plugin")
    .action((flags: PlanFlags) => printPlan(flags));
}

async function printPlan(flags: PlanFlags): Promise<void> {
  checkRoot("tljh plan");
  const paths = serverPaths();
  const wanted = mergeInstallation(await recordedInstallation(paths), {
    channels: flags.channel ?? [],
    plugins: await Promise.all((flags.plugin ?? []).map((spec) => classify(spec))),
    userRequirementsTxtUrl: null,
  });
  const context = serverContext({ paths, wanted, dryRun: true, skipFailing: true, emit: warn });
  try {
    const steps = await plan(server, context);
    process.stdout.write(flags.json ? `${JSON.stringify(steps, null, 2)}\n` : planText(steps));
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
