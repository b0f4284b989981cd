import { Command } from "commander";
import { type Check, type Checked, runChecks, worst } from "../health/check.ts";
import { doctorChecks, planCheck } from "../health/checks.ts";
import { Ended } from "./ended.ts";
import { healthContext } from "./health-context.ts";
import { findingText, type Page, summaryText } from "./render/findings.ts";
import { wantsColor } from "./render-error.ts";

interface DoctorFlags {
  readonly plan?: boolean;
  readonly json?: boolean;
}

const examples = `
Examples:
  sudo tljh doctor
  sudo tljh doctor --plan
  sudo tljh doctor --json | jq '.checks[].findings[] | select(.status != "ok")'

It changes nothing. Exit code 0: no error was found; 1: at least one was.`;

export function doctorCommand(): Command {
  return new Command("doctor")
    .summary("look whether everything works, and say what to do where it does not")
    .description("Look at every part of this server, and say what to do where something is wrong.")
    .option("--plan", "also see whether apply would change anything, which takes longer")
    .option("--json", "what was found as JSON")
    .addHelpText("after", examples)
    .action((flags: DoctorFlags) => doctor(flags));
}

async function doctor({ plan, json }: DoctorFlags): Promise<void> {
  await using context = await healthContext("tljh doctor");
  const checks = plan ? [...doctorChecks, planCheck] : doctorChecks;
  const show = json ? () => {} : shower(checks);
  const all: Checked[] = [];
  for await (const checked of runChecks(checks, context)) {
    all.push(checked);
    show(checked);
  }
  const findings = all.flatMap((checked) => checked.findings);
  const status = worst(findings);
  process.stdout.write(
    json ? `${JSON.stringify({ status, checks: all }, null, 2)}\n` : `\n${summaryText(findings)}\n`,
  );
  if (status === "error") throw new Ended(1);
}

/** Shows each check when it is done, and on a terminal the one that is waited for. */
function shower(checks: readonly Check[]): (checked: Checked) => void {
  const page = standardPage();
  const titles = checks.map(({ title }) => title);
  const wait = () => {
    const next = titles.shift();
    if (page.width !== null && next) process.stdout.write(`\r\u001B[K  … ${next}`);
  };
  wait();
  return ({ title, findings }) => {
    if (page.width !== null) process.stdout.write("\r\u001B[K");
    for (const [index, finding] of findings.entries())
      process.stdout.write(
        findingText(index === 0 || page.width === null ? title : "", finding, page),
      );
    wait();
  };
}

/** Standard output as something to lay out text on. */
export function standardPage(): Page {
  const { stdout, env } = process;
  return {
    width: stdout.isTTY ? (stdout.columns ?? 80) : null,
    color: wantsColor(stdout.isTTY, env),
  };
}
