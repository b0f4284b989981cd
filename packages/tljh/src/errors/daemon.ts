import { RpcError } from "../rpc/error.ts";
import { TljhError } from "./error.ts";

// The wire (src/rpc)

export function rpcLineTooLong(limit: number): RpcError {
  return new RpcError("RPC_LINE_TOO_LONG", {
    message: `A message is longer than the ${limit} bytes that one line may have`,
    remedy: "Send less at once.",
  });
}

export function rpcLineInvalid(shown: string, cause?: unknown): RpcError {
  return new RpcError("RPC_LINE_INVALID", {
    message: `A message is not one JSON object on one line: ${shown}`,
    remedy:
      "See that hub, daemon and plugins are of the same version (sudo tljh apply), and that no plugin writes to its standard output.",
    cause,
  });
}

export function rpcRequestInvalid(reason: string): RpcError {
  return new RpcError("RPC_REQUEST_INVALID", {
    message: `The request cannot be understood: ${reason}`,
    remedy: 'Send {"id": 1, "method": "ping", "params": {}}.',
  });
}

export function rpcMethodUnknown(method: string): RpcError {
  return new RpcError("RPC_METHOD_UNKNOWN", {
    message: `There is no method ${JSON.stringify(method.slice(0, 100))}`,
    remedy: "Bring all parts to the same version: sudo tljh apply",
  });
}

export function rpcInternal(cause: unknown): RpcError {
  return new RpcError("RPC_INTERNAL", {
    message: `The request failed: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy:
      "This is a defect of the program. Report it with what its log says: sudo journalctl -u tljhd -n 100",
    cause,
  });
}

/** The other side reported an error, and gave neither a code nor more than what is shown. */
export function rpcUnexplained(): RpcError {
  return new RpcError("RPC_ERROR", {
    message: "The other side failed and gave no message",
    remedy: "Look for the reason in the log: sudo journalctl -u tljhd -u jupyterhub -n 100",
  });
}

export function rpcTimeout(method: string, milliseconds: number): RpcError {
  return new RpcError("RPC_TIMEOUT", {
    message: `${method} was not answered within ${milliseconds} ms`,
    remedy:
      "Try again when the server is less busy. If it stays so, look at the log: sudo journalctl -u tljhd -n 100",
  });
}

export function rpcClosed(cause?: unknown): RpcError {
  const reason = cause instanceof Error ? `: ${cause.message}` : "";
  return new RpcError("RPC_CLOSED", {
    message: `The connection was closed before the answer came${reason}`,
    remedy: "Try again. Why it was closed stands in the log: sudo journalctl -u tljhd -n 100",
    cause,
  });
}

export function rpcUnreachable(path: string, cause: Error): RpcError {
  return new RpcError("RPC_UNREACHABLE", {
    message: `Nothing answers on ${path}: ${cause.message}`,
    remedy: "Start the service: sudo systemctl start tljhd.socket tljhd.service",
    cause,
  });
}

// Accounts (src/system/accounts.ts)

export function accountNameInvalid(name: string, problem: string): TljhError {
  return new TljhError("DAEMON_ACCOUNT_NAME_INVALID", {
    message: `${JSON.stringify(name)} cannot be an account on this server: ${problem}`,
    remedy:
      "Give the user a name of at most 32 characters, made of letters, digits and _ . @ + -, that begins with a letter.",
  });
}

export function accountRoot(name: string): TljhError {
  return new TljhError("DAEMON_ACCOUNT_ROOT", {
    message: `${name} is the superuser (uid 0): no server is run as it`,
    remedy: "Use a personal account; admins have sudo in their servers.",
  });
}

export function accountMissing(name: string): TljhError {
  return new TljhError("DAEMON_ACCOUNT_MISSING", {
    message: `There is no account ${name} on this server`,
    remedy: `Make it: sudo useradd --create-home ${name}`,
  });
}

export function accountNotMade(name: string): TljhError {
  return new TljhError("DAEMON_ACCOUNT_NOT_MADE", {
    message: `The account ${name} was made, but the system does not know it`,
    remedy: "Look at the passwd line of /etc/nsswitch.conf: it must name files.",
  });
}

export function accountGroupTaken(name: string): TljhError {
  return new TljhError("DAEMON_ACCOUNT_GROUP_TAKEN", {
    message: `The account ${name} cannot be made: a group ${name} is there already and is used`,
    remedy: `Look who is in it (getent group ${name}), then remove it: sudo groupdel ${name}`,
  });
}

export function accountHomeTaken(name: string, home: string, owner: string): TljhError {
  return new TljhError("DAEMON_ACCOUNT_HOME_TAKEN", {
    message: `The account ${name} cannot be made: its home ${home} is there already and belongs to ${owner}`,
    remedy: `If it is ${name}'s own (from a backup), give it to root first (sudo chown root: ${home}), log in, then: sudo chown -R ${name}: ${home}`,
  });
}

export function groupMissing(group: string, account: string): TljhError {
  return new TljhError("DAEMON_GROUP_MISSING", {
    message: `${account} cannot be added to the group ${group}: there is no such group`,
    remedy: `Make it (sudo groupadd ${group}), or take it out of users.extra_user_groups.`,
  });
}

// User servers (src/system/transient.ts, src/daemon/servers.ts)

export function unitNameInvalid(name: string, problem: string): TljhError {
  return new TljhError("DAEMON_UNIT_NAME_INVALID", {
    message: `${JSON.stringify(name)} cannot be the name of a service: ${problem}`,
    remedy: "Look at SystemdSpawner.unit_name_template and SystemdSpawner.slice.",
  });
}

export function propertyInvalid(name: string, problem: string): TljhError {
  return new TljhError("DAEMON_PROPERTY_INVALID", {
    message: `The systemd property ${JSON.stringify(name.slice(0, 100))} cannot be set: ${problem}`,
    remedy: "Look at SystemdSpawner.unit_extra_properties; man systemd.directives has all names.",
  });
}

export function commandMissing(program: string): TljhError {
  return new TljhError("DAEMON_COMMAND_MISSING", {
    message: `The program of the user's server, ${JSON.stringify(program)}, is not there`,
    remedy:
      "Look at Spawner.cmd, and whether jupyterhub-singleuser is installed in the user environment: sudo tljh apply",
  });
}

export function unitRunning(unit: string): TljhError {
  return new TljhError("DAEMON_UNIT_RUNNING", {
    message: `${unit} is running already`,
    remedy: `Stop it first: sudo systemctl stop '${unit}'`,
  });
}

export function unitForeign(unit: string): TljhError {
  return new TljhError("DAEMON_UNIT_FOREIGN", {
    message: `${unit} is a service of this server, not a user's server`,
    remedy: "Give user servers another name: SystemdSpawner.unit_name_template.",
  });
}

/** Exit codes by which systemd says why it could not run the program (systemd.exec(5)). */
const startProblems: Readonly<Record<number, readonly [problem: string, remedy: string]>> = {
  200: [
    "its working directory cannot be entered",
    "Make sure that the home folder is there and belongs to the user.",
  ],
  203: [
    "the program cannot be executed",
    "Look at Spawner.cmd, and whether the user environment is whole: sudo tljh apply",
  ],
  217: ["its account is not there", "Look whether the account still exists: getent passwd"],
  226: [
    "a path of ReadOnlyPaths, ReadWritePaths or the like is not there",
    "Make the path, or write a dash in front of it in the configuration.",
  ],
};

/** A user's server ended as soon as it was started. What it said, and what to do, depend on why. */
export function serverNotStarted(
  unit: string,
  exitStatus: number | null,
  said: readonly string[],
): TljhError {
  const [problem, remedy] = startProblems[exitStatus ?? 0] ?? [
    exitStatus === null ? "systemd refused it" : `its program ended with exit code ${exitStatus}`,
    `Mend what is said above; the whole log: sudo journalctl -u '${unit}'`,
  ];
  return new TljhError("DAEMON_SERVER_NOT_STARTED", {
    message: `The server ${unit} did not start: ${problem}${said.map((text) => `\n${text}`).join("")}`,
    remedy,
  });
}

// Passwords (src/daemon/passwords.ts)

export function passwordInvalid(problem: string): TljhError {
  return new TljhError("DAEMON_PASSWORD_INVALID", {
    message: `This cannot be a password: ${problem}`,
    remedy: "Choose another one.",
  });
}

export function passwordsUnreadable(file: string, problem: string, cause?: unknown): TljhError {
  return new TljhError("DAEMON_PASSWORDS_UNREADABLE", {
    message: `The passwords in ${file} cannot be read: ${problem}`,
    remedy: `Put a copy from a backup in its place; or move it away (sudo mv ${file} ${file}.old), then everybody sets a new password at the next login.`,
    cause,
  });
}

// Culling (src/daemon/cull)

export function hubApiFailed(
  method: string,
  path: string,
  problem: string,
  cause?: unknown,
): TljhError {
  return new TljhError("DAEMON_HUB_API_FAILED", {
    message: `The hub did not do ${method} ${path.split("?")[0]}: ${problem}`,
    remedy: "Look at the hub's log: sudo journalctl -u jupyterhub -n 100",
    cause,
  });
}

export function secretUnreadable(file: string, cause: unknown): TljhError {
  return new TljhError("DAEMON_SECRET_UNREADABLE", {
    message: `The key of the daemon, ${file}, cannot be read`,
    remedy: "Make it anew: sudo tljh apply",
    cause,
  });
}

// Requests (src/daemon/parameters.ts)

export function parameterInvalid(method: string, problem: string): TljhError {
  return new TljhError("DAEMON_PARAMETER_INVALID", {
    message: `${method} was called wrongly: ${problem}`,
    remedy: "Bring hub and daemon to the same version: sudo tljh apply",
  });
}

export function socketTaken(path: string): TljhError {
  return new TljhError("DAEMON_SOCKET_TAKEN", {
    message: `Another daemon listens on ${path} already`,
    remedy: "Stop it first: sudo systemctl stop tljhd.service tljhd.socket",
  });
}
