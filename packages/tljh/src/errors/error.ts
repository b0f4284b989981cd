/** What an error tells its reader: what is wrong, what to do, and what caused it. */
export interface ErrorText {
  /** What is wrong, with the offending value, as one sentence without a trailing newline. */
  readonly message: string;
  /** What the reader can do about it, as a sentence. */
  readonly remedy: string;
  readonly cause?: unknown;
}

/**
 * The one error class of the product. `code` is stable, upper-case with underscores
 * (`CONFIG_VALUE_INVALID`), and has an entry in `docs/errors.md`.
 * Every instance is made by a function of the catalogue in this folder.
 */
export class TljhError extends Error {
  readonly code: string;
  readonly remedy: string;

  constructor(code: string, text: ErrorText) {
    super(text.message, text.cause === undefined ? undefined : { cause: text.cause });
    this.name = "TljhError";
    this.code = code;
    this.remedy = text.remedy;
  }
}

/** What `TljhError` and the errors of the packages below it (conda, pluggy) have in common. */
export interface ExplainedError extends Error {
  readonly code: string;
  readonly remedy: string;
}

/** True for any error that carries a code and a remedy, whichever package threw it. */
export function isExplained(error: unknown): error is ExplainedError {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    "remedy" in error &&
    typeof error.remedy === "string"
  );
}
