import { createContext, Script } from "node:vm";

/** Milliseconds that one match may take: a pattern can be written so that it would take years. */
const limit = 100;

const script = new Script('new RegExp(pattern, "u").test(text)');
let context: { pattern: string; text: string } | undefined;

/** Whether a text matches; undefined when it cannot be told, or not in time. */
export function matches(pattern: string, text: string): boolean | undefined {
  context ??= createContext({ pattern, text }) as { pattern: string; text: string };
  Object.assign(context, { pattern, text });
  try {
    return script.runInContext(context, { timeout: limit }) as boolean;
  } catch {
    return undefined;
  }
}
