export interface CondaErrorText {
  readonly message: string;
  readonly remedy: string;
  readonly cause?: unknown;
}

/** The engine's one error class: a stable code, a message with the offending value, a remedy, a cause. */
export class CondaError extends Error {
  readonly code: string;
  readonly remedy: string;

  constructor(code: string, text: CondaErrorText) {
    super(text.message, text.cause === undefined ? undefined : { cause: text.cause });
    this.name = "CondaError";
    this.code = code;
    this.remedy = text.remedy;
  }
}
