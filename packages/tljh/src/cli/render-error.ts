import { isExplained } from "../errors/error.ts";

export interface RenderOptions {
  /** One JSON object on a line, for scripts. */
  readonly json?: boolean;
  readonly color?: boolean;
}

/** An error for a reader, as `errorText` has it, on standard error; in colours on a terminal only. */
export function renderError(error: unknown, options: RenderOptions = {}): void {
  const color = options.color ?? wantsColor(process.stderr.isTTY, process.env);
  process.stderr.write(errorText(error, { ...options, color }));
}

/** See no-color.org. */
export function wantsColor(terminal: boolean | undefined, env: NodeJS.ProcessEnv): boolean {
  return terminal === true && !env.NO_COLOR && env.TERM !== "dumb";
}

/** What is wrong, what caused it, what to do, and the code to look it up by: each begins with its name. */
export function errorText(error: unknown, { json, color }: RenderOptions = {}): string {
  const told = explain(error);
  if (json) return `${JSON.stringify({ error: told })}\n`;
  const lines = [
    paragraph("error", told.message, color ? 31 : undefined),
    ...told.causes.map((cause) => paragraph("cause", cause, color ? 33 : undefined)),
    paragraph("what to do", told.remedy, color ? 32 : undefined),
    color ? `\u001b[2mcode: ${told.code}\u001b[0m` : `code: ${told.code}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** An error as data, for `--json`. */
export interface Told {
  readonly code: string;
  readonly message: string;
  readonly causes: readonly string[];
  readonly remedy: string;
}

export function explain(error: unknown): Told {
  const message = messageOf(error);
  const causes = causesOf(error).filter((cause, index, all) => {
    const above = [message, ...all.slice(0, index)];
    return cause !== "" && !above.some((text) => text.includes(cause));
  });
  if (isExplained(error)) return { code: error.code, message, causes, remedy: error.remedy };
  return defect(error, message, causes);
}

/** What happened has no explanation of its own. The lines that begin with `at` say where in the program. */
function defect(error: unknown, message: string, causes: readonly string[]): Told {
  const stack = error instanceof Error ? (error.stack?.split("\n    at ").slice(1, 6) ?? []) : [];
  return {
    code: "INTERNAL",
    message,
    causes: [...causes, ...(stack.length > 0 ? [`at ${stack.join("\nat ")}`] : [])],
    remedy: "This is a defect of the program, not of your server. Report it with these lines.",
  };
}

function causesOf(error: unknown): string[] {
  const causes: string[] = [];
  let cause = error instanceof Error ? error.cause : undefined;
  while (cause !== undefined && cause !== null && causes.length < 5) {
    causes.push(messageOf(cause));
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return causes;
}

const messageOf = (error: unknown) =>
  (error instanceof Error ? error.message || error.name : String(error)).trim();

/** Further lines are indented, so that the names stand out. */
function paragraph(name: string, text: string, color: number | undefined): string {
  const label = color === undefined ? `${name}:` : `\u001b[1;${color}m${name}:\u001b[0m`;
  return `${label} ${text.split("\n").join("\n  ")}`;
}
