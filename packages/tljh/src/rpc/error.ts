import { type ErrorText, TljhError } from "../errors/error.ts";
import type { RpcFailure } from "./protocol.ts";

/** What the other side answered, or what became of the connection. */
export class RpcError extends TljhError {
  /** The other side's stack trace, where it sent one. */
  readonly trace: string | undefined;

  constructor(code: string, text: ErrorText, trace?: string) {
    super(code, text);
    this.name = "RpcError";
    this.trace = trace;
  }

  static from(failure: RpcFailure): RpcError {
    return new RpcError(failure.code, failure, failure.trace);
  }
}
