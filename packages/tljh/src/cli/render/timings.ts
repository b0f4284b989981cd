import type { CondaPhase } from "@tljh/conda";
import { Option } from "commander";
import type { TljhEvent } from "../../events.ts";

export function timingsOption(): Option {
  return new Option("--timings", "say at the end where the time went");
}

/** How long each phase of the changes of an environment took. Phases overlap: they are no parts of a sum. */
export class Timings {
  readonly #found = new Map<string, Map<CondaPhase, number>>();

  readonly sink = (event: TljhEvent): void => {
    if (event.type !== "conda" || event.event.type !== "phase.done") return;
    const { phase, milliseconds } = event.event;
    const phases = this.#found.get(event.environment) ?? new Map<CondaPhase, number>();
    this.#found.set(event.environment, phases);
    phases.set(phase, (phases.get(phase) ?? 0) + milliseconds);
  };

  /** A line for each environment; nothing where nothing was done. */
  text(): string {
    const lines = [...this.#found].map(([environment, phases]) => {
      const parts = [...phases].map(([phase, took]) => `${phase} ${timeText(took)}`);
      return `  ${environment} environment: ${parts.join(", ")}\n`;
    });
    return lines.length === 0 ? "" : `Where the time went (phases overlap):\n${lines.join("")}`;
  }
}

/** A time in milliseconds, to two or three figures. */
function timeText(took: number): string {
  return took < 100 ? `${took.toFixed(0)} ms` : `${(took / 1000).toFixed(2)} s`;
}
