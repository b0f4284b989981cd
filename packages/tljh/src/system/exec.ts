import { execa } from "execa";
import { commandFailed } from "../errors/system.ts";

export interface ExecOptions {
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Milliseconds; no limit when absent. */
  readonly timeout?: number;
  /** Called for every line of standard output and standard error. */
  readonly onLine?: (line: string) => void;
}

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program without a shell and gives back how it ended, whatever its exit code. */
export async function tryExec(
  file: string,
  args: readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const { onLine, env, input, cwd, timeout } = options;
  const child = execa(file, [...args], {
    reject: false,
    all: true,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env: { ...env } }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(input === undefined ? { stdin: "ignore" as const } : { input }),
  });
  if (onLine) for await (const line of child.iterable({ from: "all" })) onLine(line);
  const result = await child;
  return {
    exitCode: result.exitCode ?? (result.code === "ENOENT" ? 127 : 1),
    stdout: String(result.stdout ?? ""),
    stderr: String(result.stderr || result.originalMessage || ""),
  };
}

/** Runs a program without a shell; throws `COMMAND_FAILED` unless it exits with 0. */
export async function exec(
  file: string,
  args: readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const result = await tryExec(file, args, options);
  if (result.exitCode !== 0) throw commandFailed(file, args, result);
  return result;
}
