import type { Apt } from "./debian/apt.ts";
import type { PackageIndex } from "./debian/packages.ts";
import type { ForgeEventSink } from "./events.ts";

/** What all steps of one build share. */
export interface Workshop {
  readonly apt: Apt;
  readonly index: PackageIndex;
  /** Names what the forge's own sources were, in each package's build. */
  readonly salt: string;
  readonly sink: ForgeEventSink;
  /** Reports that a step is done, with how long it took. */
  readonly done: (step: string, detail: string) => void;
}

export function stopwatch(sink: ForgeEventSink): Workshop["done"] {
  let last = performance.now();
  return (step, detail) => {
    const now = performance.now();
    sink({ type: "step", step, milliseconds: Math.round(now - last), detail });
    last = now;
  };
}
