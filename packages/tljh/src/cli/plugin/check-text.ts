import { relative } from "node:path";
import { styleText } from "node:util";
import type { Problem } from "../../authors/check/problem.ts";
import type { CheckReport, HookReport, Outcome, PluginReport } from "../../authors/check/report.ts";
import { planText } from "../plan.ts";

/** A report for a reader; colours only where standard output is a terminal. */
export function checkText({ plugins, problems, difference }: CheckReport): string {
  const parts = plugins.map(pluginText);
  if (difference !== null && difference.length > 0)
    parts.push(
      `What sudo tljh apply would do besides, with it:\n${indented(planText(difference))}`,
    );
  if (difference?.length === 0) parts.push("Installed, it would change nothing on this server.\n");
  parts.push(...problems.map(problemText));
  const many = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const verdict = problems.length === 0 ? "No problems." : `${many}.`;
  return `${[...parts, verdict].join("\n")}\n`;
}

const languages = { typescript: "TypeScript", python: "Python" } as const;

function pluginText({ name, version, language, hooks }: PluginReport): string {
  const head = styleText("bold", `${name} ${version}, in ${languages[language]}`);
  const lines = hooks.length === 0 ? ["  it implements no hook"] : hooks.flatMap(hookLines);
  return `${[head, ...lines].join("\n")}\n`;
}

function hookLines({ hook, milliseconds, outcome }: HookReport): string[] {
  const time = milliseconds === null ? "" : styleText("dim", `  ${milliseconds} ms`);
  return [`  ${hook}${time}`, ...outcomeLines(outcome).map((line) => `    ${line}`)];
}

function outcomeLines(outcome: Outcome): readonly string[] {
  switch (outcome.kind) {
    case "not called":
      return ["not called: it acts"];
    case "failed":
      return [styleText("red", "failed, see below")];
    case "list":
      return outcome.entries.length === 0 ? ["nothing"] : outcome.entries;
    case "config":
      return orNothing(outcome.changes.map(configLine));
    case "jupyterhub":
      return orNothing(
        outcome.changes.map(({ trait, value }) => `c.${trait} = ${JSON.stringify(value)}`),
      );
    case "settings":
      return Object.entries(outcome.declaration.keys).map(
        ([key, { type, description }]) =>
          `${outcome.declaration.section}.${key} (${type}): ${description}`,
      );
    case "checks":
      return orNothing(outcome.checks.map(({ name, command }) => `${name}: ${command.join(" ")}`));
    case "findings":
      return orNothing(
        outcome.findings.map(({ name, status, message }) => `${status}: ${name}: ${message}`),
      );
  }
}

const orNothing = (lines: readonly string[]) => (lines.length === 0 ? ["nothing"] : lines);

function configLine(change: Extract<Outcome, { kind: "config" }>["changes"][number]): string {
  const before = "before" in change ? JSON.stringify(change.before) : "not set";
  const after = "after" in change ? JSON.stringify(change.after) : "not set";
  return `${change.path}: ${before} → ${after}`;
}

function problemText({ message, place, remedy, code }: Problem): string {
  const lines = [
    `${styleText(["bold", "red"], "problem:")} ${message.replaceAll("\n", "\n  ")}`,
    ...(place
      ? [`at: ${shownFile(place.file)}${place.line === null ? "" : `:${place.line}`}`]
      : []),
    `what to do: ${remedy}`,
    `code: ${code}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** From here where that is shorter. */
function shownFile(file: string): string {
  const near = relative(process.cwd(), file);
  return near.startsWith("..") ? file : near;
}

const indented = (text: string) => text.replaceAll(/^(?=.)/gm, "  ");
