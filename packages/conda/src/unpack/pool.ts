import { basename } from "node:path";
import { Worker } from "node:worker_threads";
import { diskFull, isDiskFull } from "../fetch/messages.ts";
import { workerUrl } from "../worker-url.ts";
import type { Extracted, UnpackLimits } from "./extractor.ts";
import { archiveDamaged, archiveUnsafe, bzip2Missing, unpackFailed } from "./messages.ts";
import type { UnpackReply, UnpackRequest } from "./protocol.ts";

interface Job {
  readonly request: UnpackRequest;
  readonly resolve: (extracted: Extracted) => void;
  readonly reject: (error: unknown) => void;
}

/** A thread's short-lived objects are few: V8 would take 48 MB for them before it looks. */
const YOUNG_MEGABYTES = 2;

/** Unpacks archives in worker threads, each of which does one at a time. Threads start when needed. */
export class UnpackPool {
  readonly #size: number;
  readonly #queue: Job[] = [];
  readonly #idle: Worker[] = [];
  readonly #running = new Map<Worker, Job | undefined>();
  #closed = false;

  constructor(size: number) {
    this.#size = size;
  }

  /** `directory` must be new and empty. Rejects with a CondaError that names the file. */
  unpack(file: string, directory: string, limits?: UnpackLimits): Promise<Extracted> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ request: { file, directory, limits }, resolve, reject });
      this.#next();
    });
  }

  /** Stops at once; what has not been unpacked is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    const workers = [...this.#running.keys()];
    for (const job of this.#queue.splice(0)) job.reject(new Error("the pool was closed"));
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  #next(): void {
    const job = this.#queue[0];
    if (job === undefined || this.#closed) return;
    const worker = this.#idle.pop() ?? this.#start();
    if (worker === undefined) return;
    this.#queue.shift();
    this.#running.set(worker, job);
    worker.postMessage(job.request);
  }

  #start(): Worker | undefined {
    if (this.#running.size >= this.#size) return undefined;
    const worker = new Worker(workerUrl("unpack-worker", import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
    });
    this.#running.set(worker, undefined);
    worker.on("message", (reply: UnpackReply) => this.#replied(worker, reply));
    worker.on("error", (error) => this.#ended(worker, error));
    worker.on("exit", () => this.#ended(worker, new Error("the worker stopped")));
    return worker;
  }

  #replied(worker: Worker, reply: UnpackReply): void {
    const job = this.#running.get(worker);
    this.#running.set(worker, undefined);
    this.#idle.push(worker);
    this.#next();
    if (job === undefined) return;
    if (reply.type === "done") job.resolve(reply.extracted);
    else job.reject(replyError(job.request, reply));
  }

  #ended(worker: Worker, error: Error): void {
    const job = this.#running.get(worker);
    this.#running.delete(worker);
    job?.reject(unpackFailed(basename(job.request.file), error));
    this.#next();
  }
}

function replyError(request: UnpackRequest, reply: Exclude<UnpackReply, { type: "done" }>): Error {
  const file = basename(request.file);
  switch (reply.type) {
    case "fault":
      return reply.kind === "unsafe"
        ? archiveUnsafe(file, reply.detail)
        : archiveDamaged(file, reply.detail);
    case "missing-bzip2":
      return bzip2Missing(file);
    case "failed":
      return isDiskFull(reply)
        ? diskFull(request.directory, new Error(reply.message))
        : unpackFailed(file, new Error(reply.message));
  }
}
