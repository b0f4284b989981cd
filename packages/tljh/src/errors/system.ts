import { TljhError } from "./error.ts";

// Arguments are not repeated beyond the program's verb: they can hold secrets.
export function commandFailed(
  file: string,
  args: readonly string[],
  result: { exitCode: number; stdout: string; stderr: string },
): TljhError {
  const said = (result.stderr.trim() || result.stdout.trim()).split("\n").slice(-12).join("\n");
  return new TljhError("COMMAND_FAILED", {
    message: `${[file, args[0] ?? ""].join(" ").trim()} ended with exit code ${result.exitCode}${said ? `:\n${said}` : " and said nothing"}`,
    remedy: "Mend what the program complains about, then run the same command again.",
  });
}
