import { type ChildProcess, fork } from "node:child_process";
import type { ChildRequest, Outcome } from "./child.ts";
import type { OperationName } from "./operations.ts";

/** What may be asked for of an operation that is named once for all. */
type Wanted<Request = ChildRequest> = Request extends unknown
  ? Omit<Request, "root" | "operation">
  : never;

/** A process that runs an operation with one fault after the other; another takes its place when it is killed. */
export class FaultProcess {
  readonly #program: string;
  readonly #about: { readonly root: string; readonly operation: OperationName };
  #child: ChildProcess | undefined;

  constructor(
    program: string,
    about: { readonly root: string; readonly operation: OperationName },
  ) {
    this.#program = program;
    this.#about = about;
  }

  /** What came of it, or what ended the process. */
  async run(wanted: Wanted): Promise<Outcome | NodeJS.Signals> {
    this.#child ??= fork(this.#program, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    const child = this.#child;
    const outcome = Promise.withResolvers<Outcome | NodeJS.Signals>();
    const ended = (code: number | null, signal: NodeJS.Signals | null) => {
      this.#child = undefined;
      if (signal === null) outcome.reject(new Error(`it ended with ${code}`));
      else outcome.resolve(signal);
    };
    child.once("message", outcome.resolve).once("exit", ended);
    child.send({ ...wanted, ...this.#about });
    const result = await outcome.promise;
    child.off("exit", ended);
    return result;
  }

  end(): void {
    this.#child?.disconnect();
  }
}
