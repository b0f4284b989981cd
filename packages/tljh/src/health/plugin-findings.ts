import type { TljhError } from "../errors/error.ts";
import { healthAnswerInvalid } from "../errors/health.ts";
import type { HealthFinding } from "../hooks.ts";
import type { Finding, Status } from "./check.ts";
import { failure } from "./check.ts";

const MOST_FINDINGS = 100;
const LONGEST_TEXT = 1000;

/** What a plugin answered to `tljh_health_checks`; what makes no sense is a finding about the plugin. */
export function pluginFindings(plugin: string, answer: unknown): readonly Finding[] {
  const wrong = wrongAnswer(answer);
  if (wrong !== undefined) return [nonsense(plugin, wrong)];
  return ((answer ?? []) as readonly unknown[]).map((one) => findingOf(plugin, one));
}

/** All that makes no sense in such an answer. */
export function findingProblems(plugin: string, answer: unknown): readonly TljhError[] {
  const wrong = wrongAnswer(answer);
  const all =
    wrong === undefined ? ((answer ?? []) as readonly unknown[]).map(wrongFinding) : [wrong];
  return all.flatMap((one) => (one === undefined ? [] : [healthAnswerInvalid(plugin, one)]));
}

const nonsense = (plugin: string, wrong: string): Finding => ({
  ...failure(healthAnswerInvalid(plugin, wrong)),
  plugin,
});

function wrongAnswer(answer: unknown): string | undefined {
  if (answer === undefined || answer === null) return undefined;
  if (!Array.isArray(answer)) return `${kind(answer)}, not with a list`;
  if (answer.length > MOST_FINDINGS)
    return `${answer.length} findings, and ${MOST_FINDINGS} are allowed`;
  return undefined;
}

function wrongFinding(given: unknown): string | undefined {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return `a list that holds ${kind(given)}`;
  const { name, status, message, remedy } = given as Readonly<Record<string, unknown>>;
  if (!isText(name)) return `a finding whose name is ${kind(name)}`;
  if (!isStatus(status)) return `the status ${said(status)}; it is ok, warning or error`;
  if (!isText(message)) return `a finding whose message is ${kind(message)}`;
  if (remedy !== undefined && remedy !== null && !isText(remedy))
    return `a finding whose remedy is ${kind(remedy)}`;
  return undefined;
}

function findingOf(plugin: string, given: unknown): Finding {
  const wrong = wrongFinding(given);
  if (wrong !== undefined) return nonsense(plugin, wrong);
  const { name, status, message, remedy } = given as HealthFinding;
  const what = isText(remedy) ? line(remedy) : `Ask the author of the plugin ${plugin}.`;
  return {
    status,
    message: [...new Set([plugin, line(name), line(message)])].join(": "),
    plugin,
    ...(status === "ok" ? {} : { remedy: what }),
  };
}

const isText = (value: unknown): value is string =>
  typeof value === "string" && value.trim() !== "" && value.length <= LONGEST_TEXT;

const isStatus = (value: unknown): value is Status =>
  value === "ok" || value === "warning" || value === "error";

/** On one line, without what a terminal would obey. */
const line = (text: string) => text.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();

function said(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : kind(value);
}

function kind(value: unknown): string {
  if (value === undefined || value === null) return "missing";
  if (typeof value === "string" && value.length > LONGEST_TEXT)
    return `longer than ${LONGEST_TEXT} characters`;
  if (typeof value === "object") return Array.isArray(value) ? "a list" : "a map";
  return typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : String(value);
}
