import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { diskFull } from "../fetch/messages.ts";
import { compilerFailed } from "../prefix/errors.ts";

/**
 * Reads lines of `source NUL name NUL target` (three fields a file, many files a line), writes byte
 * code with the source's time in its head, and answers a line with the places of those that have
 * a fault. `name` is what tracebacks of the byte code say before it is imported. A file that cannot be
 * read or written is no fault of Python's: the process ends with it.
 */
const COMPILE = `
import gc, marshal, os, sys
from importlib._bootstrap_external import MAGIC_NUMBER
gc.disable()
os.umask(0o022)
HEAD = MAGIC_NUMBER + bytes(4)
def compiled(source, name, target):
    with open(source, "rb", 0) as file:
        status = os.fstat(file.fileno())
        text = file.read()
    try:
        code = compile(text, name, "exec", 0, True, -1)
    except Exception:
        return False
    head = HEAD + (int(status.st_mtime) & 0xFFFFFFFF).to_bytes(4, "little")
    head += (status.st_size & 0xFFFFFFFF).to_bytes(4, "little")
    with open(target, "xb") as file:
        file.write(head + marshal.dumps(code))
    return True
for line in sys.stdin:
    fields = line.rstrip("\\n").split("\\0")
    places = range(0, len(fields), 3)
    failed = [str(place // 3) for place in places if not compiled(*fields[place:place + 3])]
    sys.stdout.write(" ".join(failed) + "\\n")
    sys.stdout.flush()
    gc.collect(1)
os._exit(0)
`;

/** Byte code is the same in every locale and whatever the admin's environment says. */
const COMPILE_ARGUMENTS = ["-I", "-S", "-X", "utf8", "-W", "ignore", "-c", COMPILE];

export interface CompileJob {
  readonly source: string;
  readonly name: string;
  readonly target: string;
}

export interface CompilerOptions {
  /** Starts one Python with these arguments, its input and output piped. */
  readonly start: (pythonArguments: readonly string[]) => ChildProcess;
  /** For messages. */
  readonly python: string;
  readonly processes: number;
}

interface Batch {
  readonly jobs: readonly CompileJob[];
  readonly resolve: (compiled: boolean[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Files in one line: few enough that both processes end together. */
const BATCH = 24;

/**
 * Long-lived Python processes that compile. A file with a syntax error is left out, as in conda. No
 * target may be there already.
 */
export class Compiler {
  readonly #options: CompilerOptions;
  readonly #queue: Batch[] = [];
  readonly #workers: Worker[] = [];
  #failure: unknown;

  constructor(options: CompilerOptions) {
    this.#options = options;
  }

  /** For each job, in order, whether it was compiled. */
  async compile(jobs: readonly CompileJob[]): Promise<boolean[]> {
    const batches: Promise<boolean[]>[] = [];
    for (let start = 0; start < jobs.length; start += BATCH) {
      batches.push(this.#submit(jobs.slice(start, start + BATCH)));
    }
    return (await Promise.all(batches)).flat();
  }

  /** Ends the processes, and waits until nothing writes any more. What is still queued is rejected. */
  async close(): Promise<void> {
    this.#fail(compilerFailed(this.#options.python, "", undefined));
    await Promise.all(this.#workers.map((worker) => worker.end()));
  }

  #submit(jobs: readonly CompileJob[]): Promise<boolean[]> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#queue.push({ jobs, resolve, reject });
      this.#feed();
    });
  }

  #feed(): void {
    for (const worker of this.#workers) {
      if (worker.busy) continue;
      const batch = this.#queue.shift();
      if (batch === undefined) return;
      worker.run(batch);
    }
    if (this.#queue.length > 0 && this.#workers.length < this.#options.processes) {
      const worker = new Worker(this.#options, {
        idle: () => this.#feed(),
        failed: (error) => this.#fail(error),
      });
      this.#workers.push(worker);
      this.#feed();
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    for (const batch of this.#queue.splice(0)) batch.reject(error);
  }
}

interface WorkerSignals {
  readonly idle: () => void;
  readonly failed: (error: unknown) => void;
}

class Worker {
  readonly #process: ChildProcess;
  #batch: Batch | undefined;
  #errors = "";
  #ending = false;
  readonly #ended = Promise.withResolvers<void>();

  constructor(options: CompilerOptions, signals: WorkerSignals) {
    this.#process = options.start(COMPILE_ARGUMENTS);
    const lost = (cause?: unknown): void => {
      const error = lostError(options.python, this.#errors, cause);
      this.#batch?.reject(error);
      this.#batch = undefined;
      if (!this.#ending) signals.failed(error);
      this.#ended.resolve();
    };
    this.#process.on("error", lost);
    this.#process.on("close", () => lost());
    this.#process.stdin?.on("error", () => {});
    this.#process.stderr?.on("data", (data: Buffer) => {
      this.#errors = (this.#errors + data.toString()).slice(-4000);
    });
    if (this.#process.stdout === null) return;
    createInterface({ input: this.#process.stdout }).on("line", (line) => {
      this.#answered(line);
      signals.idle();
    });
  }

  get busy(): boolean {
    return this.#batch !== undefined;
  }

  run(batch: Batch): void {
    this.#batch = batch;
    const fields = batch.jobs.flatMap(({ source, name, target }) => [source, name, target]);
    this.#process.stdin?.write(`${fields.join("\0")}\n`);
  }

  end(): Promise<void> {
    this.#ending = true;
    if (this.busy) this.#process.kill("SIGKILL");
    else this.#process.stdin?.end();
    return this.#ended.promise;
  }

  #answered(line: string): void {
    const failed = new Set(line === "" ? [] : line.split(" ").map(Number));
    const batch = this.#batch;
    this.#batch = undefined;
    batch?.resolve(batch.jobs.map((_, index) => !failed.has(index)));
  }
}

function lostError(python: string, output: string, cause: unknown): Error {
  const isFull = /^OSError: \[Errno 28\]/m.test(output);
  return isFull ? diskFull("the environment", output) : compilerFailed(python, output, cause);
}

/** Starts `python` where it stands. */
export function plainStart(python: string): CompilerOptions["start"] {
  return (pythonArguments) => spawn(python, pythonArguments, { stdio: ["pipe", "pipe", "pipe"] });
}
