import { RpcError } from "../rpc/error.ts";
import { TljhError } from "./error.ts";

// The wire (src/rpc)

export function rpcLineTooLong(limit: number): RpcError {
  return new RpcError("RPC_LINE_TOO_LONG", {
    message: `a message is longer than the ${limit} bytes that one line may have`,
    remedy: "Send less at once.",
  });
}

export function rpcLineInvalid(shown: string, cause?: unknown): RpcError {
  return new RpcError("RPC_LINE_INVALID", {
    message: `a message is not one JSON object on one line: ${shown}`,
    remedy:
      "Make sure that both sides are of the same version and that nothing else writes to the stream.",
    cause,
  });
}

export function rpcRequestInvalid(reason: string): RpcError {
  return new RpcError("RPC_REQUEST_INVALID", {
    message: `the request cannot be understood: ${reason}`,
    remedy: 'Send {"id": 1, "method": "ping", "params": {}}.',
  });
}

export function rpcMethodUnknown(method: string): RpcError {
  return new RpcError("RPC_METHOD_UNKNOWN", {
    message: `there is no method ${JSON.stringify(method.slice(0, 100))}`,
    remedy: "Make sure that both sides are of the same version: run the upgrade to its end.",
  });
}

export function rpcInternal(cause: unknown): RpcError {
  return new RpcError("RPC_INTERNAL", {
    message: `the request failed: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy: "Look at the log of the service (journalctl -u tljhd) and report this.",
    cause,
  });
}

export function rpcTimeout(method: string, milliseconds: number): RpcError {
  return new RpcError("RPC_TIMEOUT", {
    message: `${method} was not answered within ${milliseconds} ms`,
    remedy: "Look at the log of the other side; try again when the server is less busy.",
  });
}

export function rpcClosed(cause?: unknown): RpcError {
  const reason = cause instanceof Error ? `: ${cause.message}` : "";
  return new RpcError("RPC_CLOSED", {
    message: `the connection was closed before the answer came${reason}`,
    remedy: "Look at the log of the other side for why it ended, then try again.",
    cause,
  });
}

export function rpcUnreachable(path: string, cause: Error): RpcError {
  return new RpcError("RPC_UNREACHABLE", {
    message: `nothing answers on ${path}: ${cause.message}`,
    remedy: "Start the service: systemctl start tljhd.socket tljhd.service",
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
    message: `there is no account ${name} on this server`,
    remedy: `Make it: useradd --create-home ${name}`,
  });
}

export function accountGroupTaken(name: string): TljhError {
  return new TljhError("DAEMON_ACCOUNT_GROUP_TAKEN", {
    message: `the account ${name} cannot be made: a group ${name} is there already and is used`,
    remedy: `Look who is in it (getent group ${name}), then remove it: groupdel ${name}`,
  });
}

export function accountHomeTaken(name: string, home: string, owner: string): TljhError {
  return new TljhError("DAEMON_ACCOUNT_HOME_TAKEN", {
    message: `the account ${name} cannot be made: its home ${home} is there already and belongs to ${owner}`,
    remedy: `If it is ${name}'s own (from a backup), give it to root first (chown root: ${home}), log in, then: chown -R ${name}: ${home}`,
  });
}

export function groupMissing(group: string, account: string): TljhError {
  return new TljhError("DAEMON_GROUP_MISSING", {
    message: `${account} cannot be added to the group ${group}: there is no such group`,
    remedy: `Make it (groupadd ${group}), or take it out of users.extra_user_groups.`,
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
    message: `the systemd property ${JSON.stringify(name.slice(0, 100))} cannot be set: ${problem}`,
    remedy: "Look at SystemdSpawner.unit_extra_properties; man systemd.directives has all names.",
  });
}

export function commandMissing(program: string): TljhError {
  return new TljhError("DAEMON_COMMAND_MISSING", {
    message: `the program of the user's server, ${JSON.stringify(program)}, is not there`,
    remedy:
      "Look at Spawner.cmd, and whether jupyterhub-singleuser is installed in the user environment: tljh apply",
  });
}
