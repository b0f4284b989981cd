import { CondaError } from "../errors.ts";
import type { CondaEvent } from "../events.ts";
import { causeText } from "./cause.ts";
import { redactUrl } from "./credentials.ts";

/** No space, or none that this user may have. */
export function isDiskFull(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === "ENOSPC" || code === "EDQUOT";
}

export function diskFull(path: string, cause: unknown): CondaError {
  return new CondaError("CONDA_DISK_FULL", {
    message: `There is no space left on the disk that holds ${path}`,
    remedy: "Free some space (df -h shows how much there is), then run the command again.",
    cause,
  });
}

export interface DamageFound {
  readonly url: string;
  readonly what: "size" | "sha256" | "md5";
  readonly expected: string;
  readonly found: string;
}

/** The file that came is not the one the channel describes. */
export function packageDamaged({ url, what, expected, found }: DamageFound): CondaError {
  return new CondaError("CONDA_PACKAGE_DAMAGED", {
    message: `The package ${redactUrl(url)} arrived damaged: its ${what} should be ${expected}, but is ${found}`,
    remedy:
      "Run the command again. If it fails in the same way, a proxy or mirror on the way serves a wrong file.",
  });
}

export function packageNotFound(url: string, status: number): CondaError {
  return new CondaError("CONDA_PACKAGE_NOT_FOUND", {
    message: `The channel lists the package ${redactUrl(url)}, but does not have it (HTTP ${status})`,
    remedy: "A mirror may be half-way through an update: run the command again in some minutes.",
  });
}

export function downloadFailed(url: string, cause: unknown): CondaError {
  return new CondaError("CONDA_DOWNLOAD_FAILED", {
    message: `The package ${redactUrl(url)} could not be downloaded: ${causeText(cause)}`,
    remedy:
      "Check the server's network, and http_proxy and https_proxy if it needs a proxy. What has been downloaded is kept: run the command again.",
    cause,
  });
}

export function certificatesUnreadable(variable: string, file: string, cause: unknown): CondaError {
  return new CondaError("CONDA_CERTIFICATES_UNREADABLE", {
    message: `${variable} names ${file} for certificates, which cannot be read: ${causeText(cause)}`,
    remedy: `Correct ${variable}, or unset it.`,
    cause,
  });
}

export function mirrorLeft(mirror: string, reason: unknown): CondaEvent {
  return {
    type: "warning",
    code: "CONDA_MIRROR_LEFT",
    message: `${redactUrl(mirror)} is left for the next address of its channel: ${causeText(reason)}`,
  };
}
