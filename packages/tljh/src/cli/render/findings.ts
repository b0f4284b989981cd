import { styleText } from "node:util";
import type { Finding, Status } from "../../health/check.ts";

/** Where findings are shown. */
export interface Page {
  /** Columns of a terminal; null where there is none, and lines are as long as they are. */
  readonly width: number | null;
  readonly color: boolean;
}

const marks = { ok: "✓", warning: "!", error: "✗" } as const;
const colours = { ok: "green", warning: "yellow", error: "red" } as const;

/** Columns of the titles. */
const TITLE = 19;

/**
 * A finding with what it is about. On a terminal titles stand in a column of their own, in which that of the
 * line above is not repeated (an empty title); without one (null) there is no column.
 */
export function findingText(title: string | null, finding: Finding, page: Page): string {
  const { message, cause, remedy } = finding;
  const { head, indent } =
    page.width === null ? plainHead(title, finding) : terminalHead(title, finding, page);
  const more = [
    ...(cause === undefined ? [] : labelled("cause", cause)),
    ...(remedy === undefined ? [] : labelled("what to do", remedy)),
  ];
  const [first = "", ...rest] = wrap(message, page.width, indent);
  const below = [
    ...rest,
    ...more.flatMap((text) => wrap(text, page.width, indent).map((line) => dim(line, page))),
  ];
  const lines = below.map((line) => `${" ".repeat(indent)}${line}\n`);
  return `${head}${first}\n${lines.join("")}`;
}

function plainHead(title: string | null, { status }: Finding) {
  return { head: `${status.padEnd(8)}${title ? `${title}: ` : ""}`, indent: 8 };
}

function terminalHead(title: string | null, { status }: Finding, page: Page) {
  const sign = `${mark(status, page)} `;
  if (title === null) return { head: sign, indent: 2 };
  const name = page.color && title !== "" ? styleText("bold", title, ALWAYS) : title;
  return { head: sign + name + " ".repeat(Math.max(1, TITLE - title.length)), indent: 2 + TITLE };
}

/** The screen is known to be one: `styleText` need not look. */
const ALWAYS = { validateStream: false } as const;

function mark(status: Status, { color }: Page): string {
  return color ? styleText(colours[status], marks[status], ALWAYS) : marks[status];
}

const dim = (text: string, { color }: Page) => (color ? styleText("dim", text, ALWAYS) : text);

/** Further lines of a text stand below the first. */
function labelled(label: string, text: string): string[] {
  const [first = "", ...rest] = text.split("\n");
  return [`${label}: ${first}`, ...rest.map((line) => `  ${line}`)];
}

/** A command stays on one line, so that it can be copied. */
const TOKEN = /sudo [\w-]+.*?(?=\. [A-Z]|; | \(|, (?:and|then|or) |$)[.;,]?|\S+/g;

/** Text broken into lines that fit behind an indent, where there is a blank outside of commands. */
export function wrap(text: string, width: number | null, indent: number): string[] {
  const lines = text.split("\n");
  if (width === null) return lines;
  return lines.flatMap((line) => wrapLine(line, Math.max(30, width - indent)));
}

function wrapLine(text: string, most: number): string[] {
  const lines: string[] = [];
  let line = /^ */.exec(text)?.[0] ?? "";
  let isEmpty = true;
  for (const [word] of text.matchAll(TOKEN)) {
    if (!isEmpty && line.length + 1 + word.length > most) {
      lines.push(line);
      line = word;
    } else line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}

/** "2 errors and 1 warning", or that all is well. */
export function summaryText(findings: readonly Finding[]): string {
  const count = (status: Status, word: string) => {
    const number = findings.filter((one) => one.status === status).length;
    return number === 0 ? [] : [`${number} ${word}${number === 1 ? "" : "s"}`];
  };
  const counts = [...count("error", "error"), ...count("warning", "warning")];
  return counts.length === 0 ? "All is well." : `${counts.join(" and ")}.`;
}
