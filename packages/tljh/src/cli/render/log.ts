import { changeText } from "@tljh/conda";
import { isExplained } from "../../errors/error.ts";
import type { TljhEvent } from "../../events.ts";

/** An event as lines of `installer.log`, without time. Progress is left out. */
export function logLines(event: TljhEvent): readonly string[] {
  switch (event.type) {
    case "step.start":
      return [`[${event.index + 1}/${event.count}] ${event.title}`];
    case "step.done":
      return [
        `${event.title}: ${event.changed ? `changed (${event.summary})` : "as wanted"}, ${Math.round(event.milliseconds)} ms`,
      ];
    case "step.failed":
      return errorLines(event.error);
    case "step.progress":
      return [event.message];
    case "output":
      return [`${event.command}: ${event.line}`];
    case "warning":
      return [`warning ${event.code}: ${event.message}`];
    case "environment.changed":
      return event.generation.changes.map(
        (change) => `${event.environment} environment: ${changeText(change)}`,
      );
    case "conda":
      return condaLines(event.environment, event.event);
  }
}

type CondaEvent = Extract<TljhEvent, { type: "conda" }>["event"];

function condaLines(environment: string, event: CondaEvent): readonly string[] {
  switch (event.type) {
    case "phase.done":
      return [
        `${environment} environment: ${event.phase} done in ${Math.round(event.milliseconds)} ms`,
      ];
    case "retry":
      return [
        `${environment} environment: retry ${event.attempt} of ${event.url}: ${event.reason}`,
      ];
    case "clobber":
      return [`${environment} environment: ${event.path} is in ${event.packages.join(" and ")}`];
    case "warning":
      return [`${environment} environment: warning ${event.code}: ${event.message}`];
    default:
      return [];
  }
}

function errorLines(error: unknown): readonly string[] {
  if (isExplained(error))
    return [`error ${error.code}: ${error.message}`, `what to do: ${error.remedy}`];
  return String(error instanceof Error ? (error.stack ?? error) : error).split("\n");
}
