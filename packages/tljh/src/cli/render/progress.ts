import { stripVTControlCharacters, styleText } from "node:util";
import type { EventSink, TljhEvent } from "../../events.ts";
import { changeLines } from "./changes.ts";
import { PhaseLines } from "./phases.ts";

export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/**
 * Shows steps as they end, with what they changed in an environment, and on a terminal the one at work:
 * a line for it and one for each phase, redrawn in place.
 */
export function progressSink(screen: Screen): EventSink {
  return screen.isTTY ? terminalSink(screen) : plainSink(screen);
}

function plainSink(screen: Screen): EventSink {
  return (event) => {
    if (event.type === "step.start")
      screen.write(`[${event.index + 1}/${event.count}] ${event.title} …\n`);
    if (event.type === "step.done") screen.write(`    ${doneText(event)}\n`);
    if (event.type === "warning") screen.write(`    warning: ${event.message}\n`);
    if (event.type === "environment.changed")
      for (const line of changeLines(event.generation.changes))
        screen.write(`    ${stripVTControlCharacters(line)}\n`);
  };
}

function terminalSink(screen: Screen): EventSink {
  const block = new Block(screen);
  const phases = new PhaseLines();
  let title = "";
  let changes: readonly string[] = [];
  const redraw = (detail: string) => {
    const first = `  … ${title}${detail ? `: ${printable(detail)}` : ""}`;
    block.redraw(() => [first, ...phases.lines(performance.now()).map((line) => `      ${line}`)]);
  };
  return (event) => {
    switch (event.type) {
      case "step.start":
        title = `[${event.index + 1}/${event.count}] ${event.title}`;
        phases.clear();
        changes = [];
        block.isDue();
        return redraw("");
      case "step.done":
        block.leave([`  ${mark(event.changed)} ${event.title}  ${dim(doneText(event))}`]);
        return block.leave(changes.map((line) => `      ${line}`));
      case "step.failed":
        return block.leave([`  ${styleText("red", "✗")} ${title.replace(/^\[.*?\] /, "")}`]);
      case "warning":
        return block.leave([`  ${styleText("yellow", "!")} ${event.message}`]);
      case "environment.changed":
        changes = changeLines(event.generation.changes);
        return;
      case "step.progress":
        return redraw(event.message);
      case "output":
        return redraw(event.line);
      case "conda":
        phases.take(event.event, performance.now());
        return redraw(event.event.type === "retry" ? `trying again: ${event.event.reason}` : "");
    }
  };
}

const CLEAR = "\r\u001B[K";
const UP = "\u001B[A";
/** Milliseconds between two drawings: no oftener than can be read. */
const PAUSE = 80;

/** Lines at the bottom of the screen that are drawn again and again, each cut to the screen's width. */
class Block {
  readonly #screen: Screen;
  #height = 0;
  #drawn = Number.NEGATIVE_INFINITY;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** The next drawing need not wait. */
  isDue(): void {
    this.#drawn = Number.NEGATIVE_INFINITY;
  }

  redraw(lines: () => readonly string[]): void {
    const now = performance.now();
    if (now - this.#drawn < PAUSE) return;
    this.#drawn = now;
    const width = (this.#screen.columns ?? 80) - 1;
    const drawn = lines().map((line) => line.slice(0, width));
    this.#screen.write(this.#cleared() + drawn.join("\n"));
    this.#height = drawn.length;
  }

  /** Takes the block away and leaves lines in its place. */
  leave(lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.#screen.write(`${this.#cleared()}${lines.join("\n")}\n`);
    this.#height = 0;
  }

  #cleared(): string {
    return CLEAR + `${UP}${CLEAR}`.repeat(Math.max(0, this.#height - 1));
  }
}

/** Programs colour and redraw what they say; here it shares a line with other things. */
const printable = (text: string) => stripVTControlCharacters(text).replaceAll(/\p{Cc}+/gu, " ");

const dim = (text: string) => styleText("dim", text);
const mark = (changed: boolean) => (changed ? styleText("green", "✓") : dim("·"));

/** "3.2 s  numpy, xarray and 12 more", or that nothing was to be done. */
function doneText(event: Extract<TljhEvent, { type: "step.done" }>): string {
  if (!event.changed) return "as wanted";
  const seconds = `${(event.milliseconds / 1000).toFixed(1)} s`;
  return event.summary ? `${seconds}  ${event.summary}` : seconds;
}
