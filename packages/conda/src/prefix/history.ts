import { readFileSync } from "node:fs";
import { join } from "node:path";
import { META } from "./records.ts";

/**
 * One change of an environment, as `conda-meta/history` tells it. Conda reads the specs back to
 * know what the admin asked for, and refuses an environment that a newer conda changed last.
 */
export interface Revision {
  readonly date: string;
  readonly command?: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly updateSpecs: readonly string[];
  readonly removeSpecs: readonly string[];
  readonly neuteredSpecs: readonly string[];
}

/** Old on purpose: any conda that an admin runs is newer, so none refuses the environment. */
const CONDA_VERSION = "4.6.0";

export function readHistory(prefix: string): Revision[] {
  try {
    return parseHistory(readFileSync(join(prefix, META, "history"), "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

interface MutableRevision extends Revision {
  command?: string;
  added: string[];
  removed: string[];
  updateSpecs: string[];
  removeSpecs: string[];
  neuteredSpecs: string[];
}

export function parseHistory(text: string): Revision[] {
  const revisions: MutableRevision[] = [];
  for (const line of text.split("\n").map((raw) => raw.trim())) {
    const date = /^==>\s*(.+?)\s*<==$/.exec(line)?.[1];
    if (date !== undefined) revisions.push(emptyRevision(date));
    else readLine(line, revisions.at(-1));
  }
  return revisions;
}

function emptyRevision(date: string): MutableRevision {
  return { date, added: [], removed: [], updateSpecs: [], removeSpecs: [], neuteredSpecs: [] };
}

function readLine(line: string, revision: MutableRevision | undefined): void {
  if (revision === undefined) return;
  if (line.startsWith("+")) revision.added.push(line.slice(1));
  if (line.startsWith("-")) revision.removed.push(line.slice(1));
  const command = /^#\s*cmd:\s*(.+)$/.exec(line)?.[1];
  if (command !== undefined) revision.command = command;
  const [, action, specs] = /^#\s*(\w+)\s*specs:\s*(.*)$/.exec(line) ?? [];
  if (action === undefined || specs === undefined) return;
  if (["update", "install", "create"].includes(action)) revision.updateSpecs = parseSpecs(specs);
  if (["remove", "uninstall"].includes(action)) revision.removeSpecs = parseSpecs(specs);
  if (action === "neutered") revision.neuteredSpecs = parseSpecs(specs);
}

/** A list in Python's or JSON's notation; very old condas wrote the specs with commas between. */
function parseSpecs(text: string): string[] {
  if (!/^[[(]/.test(text)) {
    return text
      .split(/,(?=[A-Za-z])/)
      .map((spec) => spec.trim())
      .filter((spec) => spec !== "");
  }
  const strings = text.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g);
  return [...strings].map(([, single, double]) => (single ?? double ?? "").replace(/\\(.)/g, "$1"));
}

/** A name may be followed by a version, a bracket, or nothing; a channel may stand before it. */
export function specName(spec: string): string {
  const afterChannel = spec.slice(spec.lastIndexOf("::") + 1).replace(/^:/, "");
  return (/^\s*([^\s=<>!~[;@]+)/.exec(afterChannel)?.[1] ?? spec).toLowerCase();
}

/** What was asked for over all revisions and is still installed: spec by package name. */
export function requestedSpecs(
  revisions: readonly Revision[],
  installed: ReadonlySet<string>,
): Map<string, string> {
  const specs = new Map<string, string>();
  for (const revision of revisions) {
    for (const spec of revision.removeSpecs) specs.delete(specName(spec));
    for (const spec of revision.updateSpecs) specs.set(specName(spec), spec);
    for (const spec of revision.neuteredSpecs) specs.set(specName(spec), spec);
  }
  return new Map([...specs].filter(([name]) => installed.has(name)));
}

/** The text to append for one revision. */
export function revisionText(revision: Omit<Revision, "neuteredSpecs">): string {
  const lines = [
    `==> ${revision.date} <==`,
    ...(revision.command === undefined ? [] : [`# cmd: ${oneLine(revision.command)}`]),
    `# conda version: ${CONDA_VERSION}`,
    ...[...revision.removed].sort().map((dist) => `-${dist}`),
    ...[...revision.added].sort().map((dist) => `+${dist}`),
    ...specLine("remove", revision.removeSpecs),
    ...specLine("update", revision.updateSpecs),
  ];
  return `${lines.join("\n")}\n`;
}

function specLine(action: string, specs: readonly string[]): string[] {
  return specs.length === 0 ? [] : [`# ${action} specs: [${specs.map(pythonString).join(", ")}]`];
}

/** A string literal as Python's `repr` writes it. */
function pythonString(value: string): string {
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  return quote + oneLine(value).replace(new RegExp(`[\\\\${quote}]`, "g"), "\\$&") + quote;
}

function oneLine(value: string): string {
  return value.replace(/[\r\n]+/g, " ");
}

/** `2026-11-23 18:00:00`, local time, as conda dates a revision. */
export function historyDate(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")}`;
}
