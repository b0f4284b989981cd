import { isExplained } from "../errors/error.ts";

export type LogLevel = "error" | "warn" | "info";
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;
export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;

/** The levels of syslog(3), which the journal reads from `<N>` in front of a line. */
const priorities: Readonly<Record<LogLevel, number>> = { error: 3, warn: 4, info: 6 };

function field(value: string | number | boolean | null): string {
  if (typeof value !== "string") return String(value);
  return /^[\w@%+:,./~-]+$/.test(value) ? value : JSON.stringify(value);
}

/** One line of the log, `message name=value …`, whatever is in the values. */
export function logLine(level: LogLevel, message: string, fields: LogFields = {}): string {
  const pairs = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${field(value)}`],
  );
  return `<${priorities[level]}>${[message.replace(/\p{Cc}+/gu, " "), ...pairs].join(" ")}\n`;
}

/** A log of lines for the journal; the priority is left out when a person reads along. */
export function createLog(write: (line: string) => void, plain: boolean): Log {
  return (level, message, fields) => {
    const line = logLine(level, message, fields);
    write(plain ? line.replace(/^<\d>/, `${level}: `) : line);
  };
}

/** Standard error, as the journal has it. */
export function standardLog(): Log {
  return createLog((line) => process.stderr.write(line), process.env.JOURNAL_STREAM === undefined);
}

/** What of an error belongs into the log. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: String(error) };
  const { message } = error;
  if (isExplained(error)) return { code: error.code, error: message, remedy: error.remedy };
  return { error: message, stack: error.stack };
}
