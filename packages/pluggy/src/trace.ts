import type { AfterCall, BeforeCall } from "./monitoring.ts";

/** Two monitors that tell every call in lines: the hook, its arguments, and what came of it; inner calls are indented. */
export function createTracer(write: (line: string) => void): {
  readonly before: BeforeCall;
  readonly after: AfterCall;
} {
  let depth = 0;
  const line = (text: string): void => write("  ".repeat(depth) + text);
  return {
    before: (hook, _implementations, args) => {
      depth += 1;
      line(`${hook} [hook]`);
      for (const [name, value] of Object.entries(args)) line(`    ${name}: ${shown(value)}`);
    },
    after: (outcome, hook) => {
      if (outcome.failed) line(`fail ${hook} --> ${String(outcome.exception)} [hook]`);
      else line(`finish ${hook} --> ${shown(outcome.getResult())} [hook]`);
      depth -= 1;
    },
  };
}

/** A value in one line, whatever it is. */
function shown(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
