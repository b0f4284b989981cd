import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Compiler } from "../link/compiler.ts";
import type { PythonInfo } from "../link/python.ts";
import type { StagedPrefix } from "../stage/stage.ts";
import { dependencyClosure } from "../transaction/order.ts";
import type { PackageRecord } from "../types.ts";

const MOST_PROCESSES = 4;

/** The environment's own Python as a compiler, from the moment that it and its libraries are linked. */
export class PythonCompiler {
  readonly #staged: StagedPrefix;
  readonly #python: PythonInfo | undefined;
  readonly #missing: Set<string>;
  readonly #linked = Promise.withResolvers<void>();
  #compiler: Compiler | undefined;

  constructor(
    staged: StagedPrefix,
    records: readonly PackageRecord[],
    python: PythonInfo | undefined,
  ) {
    this.#staged = staged;
    this.#python = python;
    this.#missing = neededByPython(records);
    this.#linked.promise.catch(() => {});
    if (this.#missing.size === 0) this.#linked.resolve();
  }

  /** Says that a package is in place. */
  linked(name: string): void {
    this.#missing.delete(name);
    if (this.#missing.size === 0) this.#linked.resolve();
  }

  async ready(): Promise<Compiler> {
    await this.#linked.promise;
    this.#compiler ??= this.#start();
    return this.#compiler;
  }

  async close(): Promise<void> {
    this.#linked.reject(new Error("closed"));
    await this.#compiler?.close();
  }

  #start(): Compiler {
    const python = join(this.#staged.prefix, this.#python?.executable ?? "bin/python");
    return new Compiler({
      python,
      processes: Math.min(availableParallelism(), MOST_PROCESSES),
      start: (pythonArguments) =>
        this.#staged.spawn([python, ...pythonArguments], {
          cwd: "/",
          stdio: ["pipe", "pipe", "pipe"],
        }),
    });
  }
}

/** Python and everything below it, of what is to be linked. */
function neededByPython(records: readonly PackageRecord[]): Set<string> {
  const needed = dependencyClosure(records, "python");
  // A Python that stays may have libraries that change.
  if (needed.size === 0) {
    for (const record of records) if (record.noarch === undefined) needed.add(record.name);
  }
  return needed;
}
