import { CondaError } from "../errors.ts";
import type { CondaEvent } from "../events.ts";
import { causeText } from "../fetch/cause.ts";
import { redactUrl } from "../fetch/credentials.ts";

export function channelUnreachable(url: string, cause: unknown): CondaError {
  return new CondaError("CONDA_CHANNEL_UNREACHABLE", {
    message: `The channel cannot be reached at ${redactUrl(url)}: ${causeText(cause)}`,
    remedy:
      "Check the server's network and the channel's address, and http_proxy and https_proxy if the server needs a proxy.",
    cause,
  });
}

export function channelNotFound(channel: string, subdirs: readonly string[]): CondaError {
  return new CondaError("CONDA_CHANNEL_NOT_FOUND", {
    message: `There is no conda channel at ${redactUrl(channel)}: it has no list of packages (repodata) for ${subdirs.join(" or ")}`,
    remedy:
      "Check how the channel is written: a name such as conda-forge, or the URL of the folder that holds linux-64 and noarch.",
  });
}

export function channelForbidden(url: string, status: number): CondaError {
  return new CondaError("CONDA_CHANNEL_FORBIDDEN", {
    message: `The channel does not let this server read ${redactUrl(url)} (HTTP ${status})`,
    remedy: "Write the channel with its user and password (https://user:password@…) or its token.",
  });
}

export function channelInvalid(channel: string): CondaError {
  return new CondaError("CONDA_CHANNEL_INVALID", {
    message: `${JSON.stringify(redactUrl(channel))} is neither a channel's name nor an http, https or file URL`,
    remedy:
      "Write a name such as conda-forge, or the URL of the folder that holds linux-64 and noarch.",
  });
}

export function repodataDamaged(url: string, cause: unknown): CondaError {
  return new CondaError("CONDA_REPODATA_DAMAGED", {
    message: `The channel's list of packages at ${redactUrl(url)} cannot be read: ${causeText(cause)}`,
    remedy:
      "Run the command again later. If it fails in the same way, tell the people who run the channel.",
    cause,
  });
}

export function platformUnsupported(platform: string): CondaError {
  return new CondaError("CONDA_PLATFORM_UNSUPPORTED", {
    message: `Conda environments cannot be made on ${platform}`,
    remedy: "Use a server with Linux on x86-64 or on 64-bit ARM.",
  });
}

export function repodataStale(url: string, cause: unknown): CondaEvent {
  return {
    type: "warning",
    code: "CONDA_REPODATA_STALE",
    message: `${redactUrl(url)} cannot be reached (${causeText(cause)}); the copy from the last time is used`,
  };
}
