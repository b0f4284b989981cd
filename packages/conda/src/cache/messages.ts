import { CondaError } from "../errors.ts";
import { causeText } from "../fetch/cause.ts";

export function infoUnreadable(directory: string, file: string, cause: unknown): CondaError {
  return new CondaError("CONDA_PACKAGE_INFO_UNREADABLE", {
    message: `The package in ${directory} has no usable ${file}: ${causeText(cause)}`,
    remedy: `Remove ${directory}, then run the command again. If it comes back, the package itself is wrong.`,
    cause,
  });
}

/** A channel's list of packages can say anything: a file name that leads elsewhere is not believed. */
export function recordUnsafe(what: string, value: string): CondaError {
  return new CondaError("CONDA_RECORD_UNSAFE", {
    message: `The channel's list of packages names one whose ${what} is ${JSON.stringify(value)}, which cannot be a ${what}`,
    remedy: "Do not use this channel, and tell the people who run it.",
  });
}

export function cacheUnwritable(directory: string, cause: unknown): CondaError {
  return new CondaError("CONDA_CACHE_UNWRITABLE", {
    message: `The package cache ${directory} cannot be written: ${causeText(cause)}`,
    remedy: "Run the command as root, and check that the disk is not mounted read-only.",
    cause,
  });
}
