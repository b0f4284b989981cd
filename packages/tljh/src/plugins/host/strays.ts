import { AsyncLocalStorage } from "node:async_hooks";
import { type PluginPlace, pluginUncaught } from "../../errors/plugin-hosts.ts";
import type { Stray } from "./protocol.ts";

/** What the program has asked a plugin for. Whatever runs on its behalf finds it, also when it is long over. */
interface Work {
  fail(error: unknown): void;
}

/** Knows whose code it is that fails outside of a promise that anybody waits for. */
export class Strays {
  readonly #work = new AsyncLocalStorage<Work>();
  readonly #tell: (stray: Stray) => void;

  constructor(tell: (stray: Stray) => void) {
    this.#tell = tell;
  }

  /** From now on such failures do not end the process. */
  listen(): void {
    process.on("uncaughtException", (error) => this.#caught(error));
    process.on("unhandledRejection", (error) => this.#caught(error));
  }

  /** Does some work of a plugin. What it leaves uncaught meanwhile makes the work fail; later it is told. */
  async run<Result>(place: PluginPlace, doWork: () => Promise<Result>): Promise<Result> {
    const { promise: failed, reject } = Promise.withResolvers<never>();
    failed.catch(() => {});
    const { plugin } = place;
    const work: Work = { fail: (error) => reject(pluginUncaught(place, error)) };
    try {
      return await this.#work.run(work, () => Promise.race([doWork(), failed]));
    } finally {
      work.fail = (error) => this.#tell({ stray: { plugin, ...described(error) } });
    }
  }

  #caught(error: unknown): void {
    const work = this.#work.getStore();
    if (work) work.fail(error);
    else this.#tell({ stray: { plugin: null, ...described(error) } });
  }
}

function described(error: unknown): { message: string; trace?: string } {
  if (!(error instanceof Error)) return { message: String(error) };
  const message = `${error.name}: ${error.message}`;
  return error.stack === undefined ? { message } : { message, trace: error.stack };
}
