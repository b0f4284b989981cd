import { redactText } from "./credentials.ts";

/** An error in one line for people: the innermost reasons, each once. */
export function causeText(error: unknown): string {
  const reasons = [...new Set(innermost(error))];
  return redactText(reasons.join("; ")).replace(/\.$/, "");
}

function innermost(error: unknown): string[] {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.flatMap(innermost);
  }
  if (!(error instanceof Error)) return [String(error)];
  if (error.cause instanceof Error) return innermost(error.cause);
  return [error.message || error.name];
}
