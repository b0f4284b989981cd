import { rpcUnexplained } from "../errors/daemon.ts";

/**
 * One JSON object a line, UTF-8. A request is `{id, method, params}`; its answer is
 * `{id, result}` or `{id, error: {code, message, remedy, trace?}}`, in any order.
 */

/** Longest line accepted or sent, in bytes without the newline. */
export const maximumLineLength = 16 * 1024 * 1024;

export type RequestId = number | string;

export interface RpcRequest {
  readonly id: RequestId;
  readonly method: string;
  readonly params: Record<string, unknown>;
}

export interface RpcFailure {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  /** The other side's stack trace, for the log. */
  readonly trace?: string;
}

export type RpcAnswer =
  | { readonly id: RequestId | null; readonly result: unknown }
  | { readonly id: RequestId | null; readonly error: RpcFailure };

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The id of whatever was sent, so that even a request that makes no sense can be answered. */
export function requestIdOf(value: unknown): RequestId | null {
  if (!isRecord(value)) return null;
  return typeof value.id === "number" || typeof value.id === "string" ? value.id : null;
}

/** A request, or a sentence that says why this is none. */
export function parseRequest(value: unknown): RpcRequest | string {
  if (!isRecord(value)) return "it is not a JSON object";
  const id = requestIdOf(value);
  if (id === null) return "id is neither a number nor a string";
  if (typeof value.method !== "string") return "method is not a string";
  const params = value.params ?? {};
  if (!isRecord(params)) return "params is not an object";
  return { id, method: value.method, params };
}

function text(value: unknown, fallback: string): string {
  return typeof value === "string" && value !== "" ? value : fallback;
}

/** An answer, or null when the value is none. Missing parts of an error are filled in. */
export function parseAnswer(value: unknown): RpcAnswer | null {
  if (!isRecord(value) || !("id" in value)) return null;
  const id = requestIdOf(value);
  if (isRecord(value.error)) {
    const { code, message, remedy, trace } = value.error;
    const fallback = rpcUnexplained();
    const failure = {
      code: text(code, fallback.code),
      message: text(message, fallback.message),
      remedy: text(remedy, fallback.remedy),
      ...(typeof trace === "string" ? { trace } : {}),
    };
    return { id, error: failure };
  }
  return "result" in value ? { id, result: value.result } : null;
}
