import type { CondaEventSink } from "../events.ts";
import type { RepodataRecord } from "../types.ts";

/** Adds up what several packages report at once into the events of two phases. */
export class PrepareProgress {
  readonly #emit: CondaEventSink;
  readonly #packages: number;
  readonly #totalBytes: number;
  readonly #bytes = new Map<RepodataRecord, number>();
  readonly #started = performance.now();
  #shown = 0;
  #downloaded = 0;
  #unpacked = 0;

  constructor(records: readonly RepodataRecord[], emit: CondaEventSink) {
    this.#emit = emit;
    this.#packages = records.length;
    this.#totalBytes = records.reduce((sum, record) => sum + (record.size ?? 0), 0);
  }

  start(): void {
    if (this.#packages === 0) return;
    this.#emit({ type: "phase.start", phase: "download" });
    this.#emit({ type: "phase.start", phase: "unpack" });
  }

  /** Bytes of one package that are there now. At most ten events a second come of it. */
  bytes(record: RepodataRecord, bytes: number): void {
    this.#bytes.set(record, bytes);
    const now = performance.now();
    if (now - this.#shown < 100) return;
    this.#shown = now;
    this.#download(record);
  }

  downloaded(record: RepodataRecord): void {
    this.#downloaded += 1;
    this.#bytes.set(record, record.size ?? this.#bytes.get(record) ?? 0);
    this.#download(record);
    if (this.#downloaded === this.#packages) this.#done("download");
  }

  unpacked(record: RepodataRecord): void {
    this.#unpacked += 1;
    this.#emit({
      type: "phase.progress",
      phase: "unpack",
      done: this.#unpacked,
      total: this.#packages,
      item: record.name,
    });
    if (this.#unpacked === this.#packages) this.#done("unpack");
  }

  #download(record: RepodataRecord): void {
    this.#emit({
      type: "phase.progress",
      phase: "download",
      done: this.#downloaded,
      total: this.#packages,
      bytes: this.#bytes.values().reduce((sum, bytes) => sum + bytes, 0),
      totalBytes: this.#totalBytes,
      item: record.name,
    });
  }

  #done(phase: "download" | "unpack"): void {
    const milliseconds = Math.round(performance.now() - this.#started);
    this.#emit({ type: "phase.done", phase, milliseconds, count: this.#packages });
  }
}
