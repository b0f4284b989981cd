/** An error of the test server: a stable code, what is wrong, and what to do about it. */
export class ServerError extends Error {
  readonly code: string;
  readonly remedy: string;

  constructor(code: string, message: string, remedy: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "ServerError";
    this.code = code;
    this.remedy = remedy;
  }
}

export function requirementsMissing(lines: readonly string[]): ServerError {
  return new ServerError(
    "SERVER_REQUIREMENTS_MISSING",
    `this machine cannot run a test server:\n${lines.map((line) => `  - ${line}`).join("\n")}`,
    "Install or do what the list names, then start again.",
  );
}

export function mirrorUnknown(): ServerError {
  return new ServerError(
    "SERVER_MIRROR_UNKNOWN",
    "apt's sources on this machine name no Debian archive to make a server from",
    "Set TLJH_MIRROR to the address of a Debian archive, as it would stand in sources.list.",
  );
}

export function programFailed(argv: readonly string[], exitCode: number, output: string): Error {
  const tail = output.trimEnd().split("\n").slice(-12).join("\n");
  return new ServerError(
    "SERVER_PROGRAM_FAILED",
    `"${argv.join(" ")}" ended with ${exitCode}:\n${tail}`,
    "Read its output above; the command can be repeated by hand.",
  );
}

export function programUnstarted(file: string, cause: unknown): ServerError {
  return new ServerError(
    "SERVER_PROGRAM_UNSTARTED",
    `"${file}" could not be started`,
    "Check that it is installed, and that this runs as root.",
    cause,
  );
}

export function bootFailed(name: string, log: string): ServerError {
  const tail = log.trimEnd().split("\n").slice(-20).join("\n");
  return new ServerError(
    "SERVER_BOOT_FAILED",
    `the server "${name}" did not boot:\n${tail}`,
    "Its console log is above; boot it again, or make a new one.",
  );
}

export function serverUnknown(name: string, known: readonly string[]): ServerError {
  return new ServerError(
    "SERVER_UNKNOWN",
    `there is no server "${name}"`,
    known.length > 0 ? `There are: ${known.join(", ")}.` : "Make one first.",
  );
}

export function serverExists(name: string): ServerError {
  return new ServerError(
    "SERVER_EXISTS",
    `there is a server "${name}" already`,
    "Destroy it first, or take another name.",
  );
}

export function nameInvalid(name: string): ServerError {
  return new ServerError(
    "SERVER_NAME_INVALID",
    `"${name}" is no name for a server`,
    "Take lower-case letters, digits and dashes, 40 at most, with a letter first.",
  );
}

export function notRunning(name: string): ServerError {
  return new ServerError(
    "SERVER_NOT_RUNNING",
    `the server "${name}" is not running`,
    "Boot it first.",
  );
}

export function stillRunning(name: string, what: string): ServerError {
  return new ServerError(
    "SERVER_RUNNING",
    `the server "${name}" is running, and ${what} needs a stopped one`,
    "Stop it first.",
  );
}

export function snapshotUnknown(name: string, snapshot: string): ServerError {
  return new ServerError(
    "SERVER_SNAPSHOT_UNKNOWN",
    `the server "${name}" has no snapshot "${snapshot}"`,
    "Take one with snapshot() while the server is stopped.",
  );
}

export function portTaken(port: number, cause: unknown): ServerError {
  return new ServerError(
    "SERVER_PORT_TAKEN",
    `port ${port} of 127.0.0.1 is in use`,
    "Choose another one with --port, or end the program that holds it.",
    cause,
  );
}

export function demoFailed(exitCode: number): ServerError {
  return new ServerError(
    "SERVER_DEMO_FAILED",
    `tljh install ended with ${exitCode}`,
    "Its output is above. With --keep the server's files stay to be looked at.",
  );
}
