/**
 * How a call has ended: with a result, or with an exception. Old-style wrappers are given it and may
 * change it, as may monitors; it stands for pluggy's `Result`.
 */
export class Outcome<Result> {
  private result: Result | undefined;
  private thrown: { readonly exception: unknown } | undefined;

  private constructor(result: Result | undefined, thrown?: { readonly exception: unknown }) {
    this.result = result;
    this.thrown = thrown;
  }

  static ofResult<Result>(result: Result): Outcome<Result> {
    return new Outcome(result);
  }

  static ofException<Result>(exception: unknown): Outcome<Result> {
    return new Outcome<Result>(undefined, { exception });
  }

  /** How `work` ends. */
  static from<Result>(work: () => Result): Outcome<Result> {
    try {
      return Outcome.ofResult(work());
    } catch (exception) {
      return Outcome.ofException(exception);
    }
  }

  /** How what `work` promises ends. */
  static async fromAsync<Result>(work: () => Promise<Result>): Promise<Outcome<Result>> {
    try {
      return Outcome.ofResult(await work());
    } catch (exception) {
      return Outcome.ofException(exception);
    }
  }

  /** What was thrown; undefined if nothing was. */
  get exception(): unknown {
    return this.thrown?.exception;
  }

  /** True if the call has ended with an exception. */
  get failed(): boolean {
    return this.thrown !== undefined;
  }

  /** The result: a list, or one value where the hook stops at the first result. Throws the exception if there is one. */
  getResult(): Result {
    if (this.thrown !== undefined) throw this.thrown.exception;
    return this.result as Result;
  }

  /** Puts a result in the place of result or exception. */
  forceResult(result: Result): void {
    this.result = result;
    this.thrown = undefined;
  }

  /** Puts an exception in the place of result or exception. */
  forceException(exception: unknown): void {
    this.result = undefined;
    this.thrown = { exception };
  }
}
