import type { CondaEvent, CondaPhase } from "@tljh/conda";

const words: Readonly<Record<CondaPhase, string>> = {
  repodata: "reading the channels",
  solve: "choosing versions",
  download: "downloading",
  unpack: "unpacking",
  stage: "copying the environment",
  link: "putting files in place",
  compile: "compiling",
  check: "checking that it works",
  verify: "comparing files",
  exchange: "taking it into use",
};

type Progress = Extract<CondaEvent, { readonly type: "phase.progress" }>;

/** One phase, and how far it is. */
interface Shown {
  readonly phase: CondaPhase;
  /** When it began, in milliseconds of any clock. */
  readonly began: number;
  readonly at?: Progress;
  /** How long it took, once it is done. */
  readonly took?: number;
}

/** The phases of a change that have begun, each with a line that says how far it is. */
export class PhaseLines {
  readonly #shown = new Map<CondaPhase, Shown>();

  /** `now` in milliseconds. */
  take(event: CondaEvent, now: number): void {
    if (event.type === "phase.start") this.#set({ phase: event.phase, began: now });
    if (event.type === "phase.progress") this.#set({ ...this.#get(event.phase, now), at: event });
    if (event.type === "phase.done")
      this.#set({ ...this.#get(event.phase, now), took: event.milliseconds });
  }

  clear(): void {
    this.#shown.clear();
  }

  lines(now: number): readonly string[] {
    return [...this.#shown.values()].map((shown) => phaseLine(shown, now));
  }

  #get(phase: CondaPhase, now: number): Shown {
    return this.#shown.get(phase) ?? { phase, began: now };
  }

  #set(shown: Shown): void {
    this.#shown.set(shown.phase, shown);
  }
}

const LONGEST = Math.max(...Object.values(words).map((text) => text.length));

/** "downloading  45.2 of 124.0 MB, 88 of 188 packages, 12.3 MB/s, 7 s left". */
function phaseLine({ phase, began, at, took }: Shown, now: number): string {
  const parts =
    took === undefined
      ? [...(at === undefined ? [] : amounts(at)), ...speed(at, (now - began) / 1000)]
      : [...(at === undefined ? [] : totals(at)), `in ${seconds(took / 1000)}`];
  return `${words[phase].padEnd(LONGEST)}  ${parts.join(", ")}`.trimEnd();
}

function amounts({ phase, done, total, bytes = 0, totalBytes = 0 }: Progress): string[] {
  const items = `${done} of ${total} ${itemsOf(phase)}`;
  return totalBytes > 0 ? [`${megabytes(bytes)} of ${megabytes(totalBytes)} MB`, items] : [items];
}

function totals({ phase, done, bytes = 0, totalBytes = 0 }: Progress): string[] {
  const items = `${done} ${itemsOf(phase)}`;
  return totalBytes > 0 ? [`${megabytes(Math.max(bytes, totalBytes))} MB`, items] : [items];
}

const itemsOf = (phase: CondaPhase) =>
  phase === "verify" ? "files" : phase === "repodata" ? "answers" : "packages";

/** Before this, in seconds, a rate says nothing. */
const EARLIEST = 0.5;

function speed(at: Progress | undefined, elapsed: number): string[] {
  if (at === undefined || elapsed < EARLIEST) return [];
  const { bytes = 0, totalBytes = 0 } = at;
  const isBytes = totalBytes > 0;
  const [done, total] = isBytes ? [bytes, totalBytes] : [at.done, at.total];
  if (done === 0) return [];
  const rate = isBytes ? [`${megabytes(done / elapsed)} MB/s`] : [];
  // How many answers of a channel will be needed is not known before.
  if (at.phase === "repodata" || total <= done) return rate;
  return [...rate, `${seconds(((total - done) / done) * elapsed)} left`];
}

function seconds(value: number): string {
  if (value < 10) return `${value.toFixed(1)} s`;
  if (value < 90) return `${Math.round(value)} s`;
  return `${Math.round(value / 60)} min`;
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
