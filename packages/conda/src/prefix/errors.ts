import { CondaError } from "../errors.ts";
import type { CondaEvent } from "../events.ts";

// Every message of prefix, link, stage and environment.

export const unreadableRecord = (file: string, cause: unknown): CondaError =>
  new CondaError("CONDA_RECORD_UNREADABLE", {
    message: `${file} is not a record of an installed package`,
    remedy: "Restore it from a snapshot, or move it away and install its package again.",
    cause,
  });

export const pathEscapes = (packageName: string, path: string): CondaError =>
  new CondaError("CONDA_PATH_ESCAPES", {
    message: `Package ${packageName} holds the path "${path}", which leads out of the environment`,
    remedy: "Do not use this package: it is broken or hostile. Tell those who keep its channel.",
  });

export const linkFailed = (packageName: string, path: string, cause: unknown): CondaError =>
  new CondaError("CONDA_LINK_FAILED", {
    message: `${path} of package ${packageName} could not be put into the environment: ${text(cause)}`,
    remedy:
      "See that the disk is neither full nor read-only, then run it again. The environment is as it was.",
    cause,
  });

export const pythonMissing = (packageName: string): CondaError =>
  new CondaError("CONDA_PYTHON_MISSING", {
    message: `Package ${packageName} needs Python, and the environment has none`,
    remedy: 'Add "python" to the packages asked for.',
  });

export const prefixTooLong = (packageName: string, path: string, prefix: string): CondaError =>
  new CondaError("CONDA_PREFIX_TOO_LONG", {
    message: `${prefix} is too long a path to be written into the binary file ${path} of package ${packageName}`,
    remedy: "Install below a shorter path.",
  });

export const scriptFailed = (
  packageName: string,
  script: string,
  exitCode: number | null,
  output: string,
): CondaError =>
  new CondaError("CONDA_SCRIPT_FAILED", {
    message: `The ${script} script of package ${packageName} failed with exit status ${exitCode}${tail(output)}`,
    remedy: "Leave this package out, or ask those who keep it. The environment is as it was.",
  });

export const compilerFailed = (python: string, output: string, cause?: unknown): CondaError =>
  new CondaError("CONDA_COMPILE_FAILED", {
    message: `${python} stopped while it compiled Python files${tail(output)}`,
    remedy: "See that this Python starts at all, then run it again. The environment is as it was.",
    cause,
  });

export const prefixLocked = (prefix: string, holder: string | undefined): CondaError =>
  new CondaError("CONDA_PREFIX_LOCKED", {
    message: `${prefix} is being changed by another process${holder ? ` (${holder})` : ""}`,
    remedy: "Wait until it is done, then run it again.",
  });

export const commandFailed = (
  argv: readonly string[],
  exitCode: number | null,
  output: string,
): CondaError =>
  new CondaError("CONDA_COMMAND_FAILED", {
    message: `${argv.join(" ")} failed with exit status ${exitCode}${tail(output)}`,
    remedy: "Read its output above for the reason. The environment is as it was.",
  });

export const commandMissing = (argv: readonly string[], cause: unknown): CondaError =>
  new CondaError("CONDA_COMMAND_MISSING", {
    message: `${argv[0]} could not be started: ${text(cause)}`,
    remedy: "See that it exists and may be executed.",
    cause,
  });

export const exchangeFailed = (prefix: string, cause: unknown): CondaError =>
  new CondaError("CONDA_EXCHANGE_FAILED", {
    message: `The changed environment could not take the place of ${prefix}: ${text(cause)}`,
    remedy: "See that the disk is neither full nor read-only, then run it again.",
    cause,
  });

/** pip's package stays where conda's has no file of the same name. */
export const overPip = (pip: Versioned, conda: Versioned): CondaEvent => ({
  type: "warning",
  code: "CONDA_OVER_PIP",
  message: `conda's ${conda.name} ${conda.version} takes the place of ${pip.name} ${pip.version}, which pip installed`,
});

interface Versioned {
  readonly name: string;
  readonly version: string;
}

export const aborted = (cause: unknown): CondaError =>
  new CondaError("CONDA_ABORTED", {
    message: "The change was stopped",
    remedy: "Run it again. The environment is as it was.",
    cause,
  });

function text(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** The end of a command's output, which is where the reason stands. */
function tail(output: string): string {
  const trimmed = output.trim();
  return trimmed === "" ? "" : `:\n${trimmed.slice(-2000)}`;
}
