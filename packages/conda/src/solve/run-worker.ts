import { Worker } from "node:worker_threads";
import { CondaError } from "../errors.ts";
import type { CondaEventSink } from "../events.ts";
import { workerUrl } from "../worker-url.ts";
import { solveFailed } from "./messages.ts";
import type { WorkerQuery, WorkerReply } from "./protocol.ts";

export interface WorkerOptions {
  readonly onEvent?: CondaEventSink | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type WorkerAnswer = Exclude<WorkerReply, { type: "event" } | { type: "failed" }>;

/** Asks one question of a thread of its own, which takes the solver's memory with it when it ends. */
export async function runWorker(query: WorkerQuery, options: WorkerOptions): Promise<WorkerAnswer> {
  options.signal?.throwIfAborted();
  const worker = new Worker(workerUrl("solve-worker", import.meta.url), { workerData: query });
  const stop = () => void worker.terminate();
  options.signal?.addEventListener("abort", stop, { once: true });
  try {
    return await answerOf(worker, options);
  } finally {
    options.signal?.removeEventListener("abort", stop);
    await worker.terminate();
  }
}

function answerOf(worker: Worker, { onEvent, signal }: WorkerOptions): Promise<WorkerAnswer> {
  return new Promise((resolve, reject) => {
    worker.on("message", (reply: WorkerReply) => {
      if (reply.type === "event") onEvent?.(reply.event);
      else if (reply.type === "failed") reject(new CondaError(reply.error.code, reply.error));
      else resolve(reply);
    });
    worker.once("error", (error) => reject(solveFailed(error)));
    worker.once("exit", () => {
      const reason: unknown = signal?.aborted ? signal.reason : undefined;
      reject(reason ?? solveFailed(new Error("its thread ended without an answer")));
    });
  });
}
