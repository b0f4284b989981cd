import { stripVTControlCharacters, styleText } from "node:util";
import type { EventSink, TljhEvent } from "../../events.ts";

export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Shows steps as they end, and on a terminal the one at work with how far it is, redrawn in place. */
export function progressSink(screen: Screen): EventSink {
  return screen.isTTY ? terminalSink(screen) : plainSink(screen);
}

function plainSink(screen: Screen): EventSink {
  return (event) => {
    if (event.type === "step.start")
      screen.write(`[${event.index + 1}/${event.count}] ${event.title} …\n`);
    if (event.type === "step.done") screen.write(`    ${doneText(event)}\n`);
    if (event.type === "warning") screen.write(`    warning: ${event.message}\n`);
  };
}

function terminalSink(screen: Screen): EventSink {
  let title = "";
  let place = "";
  let drawn = 0;
  const clear = "\r\u001B[K";
  const redraw = (detail: string) => {
    const now = performance.now();
    if (now - drawn < 80) return;
    drawn = now;
    const line = `  … ${place}${title}${detail ? `: ${printable(detail)}` : ""}`;
    screen.write(clear + line.slice(0, (screen.columns ?? 80) - 1));
  };
  return (event) => {
    switch (event.type) {
      case "step.start":
        title = event.title;
        place = `[${event.index + 1}/${event.count}] `;
        drawn = 0;
        return redraw("");
      case "step.done":
        return screen.write(
          `${clear}  ${mark(event.changed)} ${event.title}  ${dim(doneText(event))}\n`,
        );
      case "step.failed":
        return screen.write(`${clear}  ${styleText("red", "✗")} ${title}\n`);
      case "warning":
        return screen.write(`${clear}  ${styleText("yellow", "!")} ${event.message}\n`);
      case "step.progress":
        return redraw(event.message);
      case "output":
        return redraw(event.line);
      case "conda":
        return redraw(condaDetail(event));
    }
  };
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

const phaseWords: Record<string, string> = {
  repodata: "reading the channels",
  solve: "choosing versions",
  download: "downloading",
  unpack: "unpacking",
  link: "putting files in place",
  compile: "compiling",
  check: "checking that it works",
  verify: "comparing files",
  exchange: "taking it into use",
};

function condaDetail({ event }: Extract<TljhEvent, { type: "conda" }>): string {
  if (event.type === "phase.start") return phaseWords[event.phase] ?? event.phase;
  if (event.type === "retry") return `trying again: ${event.reason}`;
  if (event.type !== "phase.progress") return "";
  const words = phaseWords[event.phase] ?? event.phase;
  const bytes = event.totalBytes
    ? ` ${megabytes(event.bytes ?? 0)} of ${megabytes(event.totalBytes)} MB`
    : ` ${event.done} of ${event.total}`;
  return words + bytes;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
