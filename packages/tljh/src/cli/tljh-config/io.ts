import { wantsColor } from "../render-error.ts";

/** What the command has to do with those who started it; tests put another in its place. */
export interface Io {
  out(text: string | Uint8Array): void;
  err(text: string): void;
  /** Whether a person reads standard error. */
  readonly terminal: boolean;
  readonly color: boolean;
  /** The effective user's id; 0 is root. */
  readonly user: number;
}

export function standardIo(): Io {
  const { stdout, stderr, env } = process;
  const terminal = stderr.isTTY === true;
  // A reader that has seen enough (`… | head`) is no failure.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    terminal,
    color: wantsColor(terminal, env),
    user: process.geteuid?.() ?? 0,
  };
}
