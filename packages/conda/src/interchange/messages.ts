import { CondaError } from "../errors.ts";
import type { CondaEvent } from "../events.ts";
import { causeText } from "../fetch/cause.ts";
import { redactText } from "../fetch/credentials.ts";

/** A file that was named with `--file` is missing, too large, no text, or a link that is not followed. */
export function environmentFileUnreadable(
  file: string,
  reason: string,
  cause?: unknown,
): CondaError {
  return new CondaError("CONDA_FILE_UNREADABLE", {
    message: `${file} cannot be read: ${reason}`,
    remedy: "Name an environment.yml, or a list of packages that begins with @EXPLICIT.",
    cause,
  });
}

/** Something in a file that is not as it must be. */
export interface FileProblem {
  /** From 1 on; absent where it is about the whole file. */
  readonly line?: number | undefined;
  readonly text: string;
}

/**
 * All that is wrong with an environment.yml or a list of packages, by lines: keys that neither conda nor we
 * know, what is no package, packages of another platform, hashes that are none.
 */
export function environmentFileInvalid(
  file: string,
  problems: readonly FileProblem[],
  remedy = "Correct the lines named, then run the command again. Nothing was changed.",
): CondaError {
  const lines = problems.map(({ line, text }) =>
    line === undefined ? text : `line ${line}: ${text}`,
  );
  return new CondaError("CONDA_FILE_INVALID", {
    message: redactText(`${file} does not describe an environment:\n${lines.join("\n")}`),
    remedy,
  });
}

/** The archive is not of the package that its name in the file tells. */
export function packageMisnamed(url: string, found: string): CondaError {
  return new CondaError("CONDA_PACKAGE_MISNAMED", {
    message: redactText(`${url} holds another package than its name says: ${found}`),
    remedy: "Do not use this file: it is broken or hostile. Ask whoever made it for another.",
  });
}

/** Its `info/index.json` is missing or broken; it alone tells what a listed package depends on. */
export function packageUnreadable(url: string, cause: unknown): CondaError {
  return new CondaError("CONDA_PACKAGE_UNDESCRIBED", {
    message: redactText(`${url} does not say what package it is: ${causeText(cause)}`),
    remedy: "Ask whoever made the file for another address of this package.",
    cause,
  });
}

/** Whoever stands between this server and the channel could serve something else. */
export function withoutHashes(count: number): CondaEvent {
  return {
    type: "warning",
    code: "CONDA_FILE_WITHOUT_HASHES",
    message: `The list gives no hash for ${count} of its packages: nothing proves that what comes is what was meant`,
  };
}
