import type { CondaEventSink, CondaPhase } from "../events.ts";

/** Tells when a phase starts and how long it took. */
export async function timed<T>(
  phase: CondaPhase,
  onEvent: CondaEventSink | undefined,
  action: () => Promise<T>,
): Promise<T> {
  const start = performance.now();
  onEvent?.({ type: "phase.start", phase });
  const result = await action();
  onEvent?.({ type: "phase.done", phase, milliseconds: performance.now() - start });
  return result;
}

/** A phase whose pieces come between others': it starts with the first and ends when told. */
export class PiecemealPhase {
  readonly #phase: CondaPhase;
  readonly #onEvent: CondaEventSink;
  #total: number;
  #start: number | undefined;
  #done = 0;

  constructor(phase: CondaPhase, total: number, onEvent: CondaEventSink = () => {}) {
    this.#phase = phase;
    this.#total = total;
    this.#onEvent = onEvent;
  }

  begin(): void {
    if (this.#start !== undefined) return;
    this.#start = performance.now();
    this.#onEvent({ type: "phase.start", phase: this.#phase });
  }

  piece(item: string): void {
    this.begin();
    this.#done += 1;
    const progress = { phase: this.#phase, done: this.#done, total: this.#total, item };
    this.#onEvent({ type: "phase.progress", ...progress });
  }

  end(): void {
    if (this.#start === undefined) return;
    const milliseconds = performance.now() - this.#start;
    this.#onEvent({ type: "phase.done", phase: this.#phase, milliseconds, count: this.#done });
  }
}
