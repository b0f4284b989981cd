import type { TljhEvent } from "../events.ts";
import { TljhError } from "./error.ts";

export function notRoot(command: string, user = process.getuid?.()): TljhError {
  return new TljhError("INSTALL_NOT_ROOT", {
    message: `${command} needs root privileges, and was started by the user with the id ${user}`,
    remedy: `Run the same command with sudo in front of it, as in: sudo ${command}`,
  });
}

/** The command line was not understood. */
export function usageWrong(what: string, command: string): TljhError {
  return new TljhError("INSTALL_USAGE", {
    message: what,
    remedy: `See how it is written: ${command} --help`,
  });
}

// The three refusals are worded as in the original: scripts look for them.
/** The operating system is not one that The Littlest JupyterHub is made for. */
export function systemUnsupported(sentence: string, found: string): TljhError {
  return new TljhError("INSTALL_SYSTEM_UNSUPPORTED", {
    message: sentence,
    remedy: `This system is ${found}. Install on Ubuntu 22.04 or newer, or Debian 11 or newer.`,
  });
}

export function architectureUnsupported(found: string): TljhError {
  return new TljhError("INSTALL_ARCHITECTURE_UNSUPPORTED", {
    message: `This machine's processor is ${found}, and packages exist for x64 and arm64 only`,
    remedy: "Install on a 64-bit Intel, AMD or ARM server.",
  });
}

export function systemdMissing(pid1: string): TljhError {
  return new TljhError("INSTALL_SYSTEMD_MISSING", {
    message: `The first process of this system is ${pid1}, not systemd, so no service can be started`,
    remedy: "Install on a server or virtual machine that boots with systemd.",
  });
}

export function portTaken(port: number, holder: string | null): TljhError {
  return new TljhError("INSTALL_PORT_TAKEN", {
    message: `Port ${port} is already in use${holder ? ` by ${holder}` : ""}, and the hub's web address needs it`,
    remedy: `Stop that program, or choose another port: put the line "http: {port: 8080}" into config.yaml in the config folder (/opt/tljh/config) first.`,
  });
}

export function diskTooSmall(path: string, free: number, needed: number): TljhError {
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  return new TljhError("INSTALL_DISK_TOO_SMALL", {
    message: `The disk that holds ${path} has ${gigabytes(free)} free, and the installation needs about ${gigabytes(needed)}`,
    remedy: "Free some space or attach a larger disk, then run the same command again.",
  });
}

export function commandOccupied(path: string, target: string): TljhError {
  return new TljhError("INSTALL_COMMAND_OCCUPIED", {
    message: `${path} exists and is not a link to ${target}`,
    remedy: `Somebody else's file is not overwritten. Move ${path} away, then run the same command again.`,
  });
}

export function hubSilent(url: string, seconds: number, journal: string): TljhError {
  return new TljhError("INSTALL_HUB_SILENT", {
    message: `JupyterHub did not answer at ${url} within ${seconds} seconds${journal ? `. Its last words:\n${journal}` : ""}`,
    remedy: "Look further with: sudo journalctl -u jupyterhub -u tljh-proxy -n 100",
  });
}

export function installationUnreadable(path: string, cause: unknown): TljhError {
  return new TljhError("INSTALL_RECORD_UNREADABLE", {
    message: `${path}, which records what this server was asked to hold, cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy: "Move the file away and run tljh install again with the flags you used before.",
    cause,
  });
}

/** What stands behind the colon is a password, and is not repeated. */
export function adminMalformed(name: string): TljhError {
  return new TljhError("INSTALL_ADMIN_MALFORMED", {
    message:
      name === "" ? "--admin names no user" : `--admin ${name}: has no password behind the colon`,
    remedy: "Write --admin NAME or --admin NAME:PASSWORD, where NAME is the name used to log in.",
  });
}

/** The name must also be one that an account on the server can have. */
export function adminNameUnusable(name: string, problem: string): TljhError {
  return new TljhError("INSTALL_ADMIN_NAME_UNUSABLE", {
    message: `--admin ${JSON.stringify(name)} cannot be a user of this server: ${problem}`,
    remedy: "Use letters, digits and the characters . _ @ + - in the name.",
  });
}

export function pipFailed(
  environment: string,
  entries: readonly string[],
  said: string,
): TljhError {
  return new TljhError("INSTALL_PIP_FAILED", {
    message: `pip could not install ${entries.join(" ")} into the ${environment} environment, which was left as it is:\n${said}`,
    remedy: "Check the names and versions, and that the package index can be reached.",
  });
}

export function aptFailed(packages: readonly string[], said: string): TljhError {
  return new TljhError("INSTALL_APT_FAILED", {
    message: `apt could not install ${packages.join(" ")}:\n${said}`,
    remedy: "Check the names with apt-cache policy, and that sudo apt-get update works.",
  });
}

export function alreadyRunning(lock: string): TljhError {
  return new TljhError("INSTALL_ALREADY_RUNNING", {
    message: `Another tljh command is changing this server (it holds ${lock})`,
    remedy: "Wait until it has ended, then run the same command again.",
  });
}

export function requirementsUnreachable(url: string, cause: unknown): TljhError {
  return new TljhError("INSTALL_REQUIREMENTS_UNREACHABLE", {
    message: `The requirements file ${url} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy: "Check the address given to --user-requirements-txt-url.",
    cause,
  });
}

/** Something that a failing installation had begun stays as it is. Running it again looks at everything anew. */
export function undoFailed(cause: unknown): TljhEvent {
  return {
    type: "warning",
    code: "INSTALL_UNDO_FAILED",
    message: `A change could not be taken back: ${cause instanceof Error ? cause.message : String(cause)}`,
  };
}

/** A server of the original keeps passwords and a hub environment in forms that are not taken over yet. */
export function originalFound(evidence: string): TljhError {
  return new TljhError("INSTALL_ORIGINAL_FOUND", {
    message: `This server runs the original Littlest JupyterHub (${evidence} is there), and taking over its hub and passwords is not supported yet. Nothing was changed`,
    remedy: "Install on a fresh server, and copy the home folders and config.yaml over.",
  });
}
