import { dotted, type Problem } from "../config/problem.ts";
import { TljhError } from "./error.ts";

const NO_VALIDATE = "To apply the change all the same, put --no-validate after tljh-config.";

// What is wrong in a configuration. Severities: see `Problem`.

export function keyUnknown(path: readonly string[], near: string | undefined): Problem {
  const meant = near && dotted([...path.slice(0, -1), near]);
  return {
    code: "CONFIG_KEY_UNKNOWN",
    path,
    severity: "error",
    message: `${dotted(path)}: ${meant ? `did you mean ${meant}?` : "there is no such key"}`,
    remedy: meant
      ? `Write ${meant}, or remove the key: sudo tljh-config unset ${dotted(path)}`
      : `Remove the key: sudo tljh-config unset ${dotted(path)}`,
  };
}

/** A key that could be a plugin's, but looks like one of ours with a slip in it. A file that has it is used. */
export function keyDoubtful(path: readonly string[], near: string): Problem {
  return { ...keyUnknown(path, near), code: "CONFIG_KEY_DOUBTFUL", severity: "tolerated" };
}

export function authKeyUnknown(path: readonly string[]): Problem {
  return {
    code: "CONFIG_AUTH_KEY_UNKNOWN",
    path,
    severity: "error",
    message: `${dotted(path)} is neither auth.type nor named after a class of an authenticator`,
    remedy: `Class names begin with a capital, as in auth.DummyAuthenticator.password. Remove the key: sudo tljh-config unset ${dotted(path)}`,
  };
}

/** The value of a key is of the wrong kind. What to write instead is said for each key: see docs/configuration.md. */
export function valueInvalid(
  path: readonly string[],
  shown: string,
  expects: string,
  remedy: string,
): Problem {
  return {
    code: "CONFIG_VALUE_INVALID",
    path,
    severity: "error",
    message: `${dotted(path)} is ${shown}, but must be ${expects}`,
    remedy,
  };
}

export function memoryTiny(path: readonly string[], bytes: number, least: string): Problem {
  return {
    code: "CONFIG_MEMORY_TINY",
    path,
    severity: "warning",
    message: `${dotted(path)} gives a server ${bytes} bytes, and none starts with less than about ${least}`,
    remedy: "Write the unit, as in: sudo tljh-config set limits.memory 4G",
  };
}

export function certificateMissing(): Problem {
  return {
    code: "CONFIG_HTTPS_CERTIFICATE_MISSING",
    path: ["https", "enabled"],
    severity: "error",
    message: "https.enabled is true, but neither https.tls nor https.letsencrypt is set",
    remedy:
      "Name your certificate with https.tls.key and https.tls.cert, or set https.letsencrypt.email and add your domain to https.letsencrypt.domains.",
  };
}

export function tlsIncomplete(present: "key" | "cert", missing: "key" | "cert"): Problem {
  return {
    code: "CONFIG_TLS_INCOMPLETE",
    path: ["https", "tls", present],
    severity: "error",
    message: `https.tls.${present} is set, but https.tls.${missing} is not`,
    remedy: `Set the other one too: sudo tljh-config set https.tls.${missing} /path/to/the/file`,
  };
}

export function tlsPathRelative(name: "key" | "cert", value: string): Problem {
  return {
    code: "CONFIG_TLS_PATH_RELATIVE",
    path: ["https", "tls", name],
    severity: "error",
    message: `https.tls.${name} is "${value}", which does not begin with /`,
    remedy: `Give the whole path: sudo tljh-config set https.tls.${name} /path/to/the/file`,
  };
}

export function letsEncryptIncomplete(missing: "email" | "domains"): Problem {
  const present = missing === "email" ? "domains" : "email";
  const verb = missing === "email" ? "set" : "add-item";
  return {
    code: "CONFIG_LETSENCRYPT_INCOMPLETE",
    path: ["https", "letsencrypt", present],
    severity: "error",
    message: `https.letsencrypt.${present} is set, but https.letsencrypt.${missing} is not`,
    remedy: `Let's Encrypt needs both: sudo tljh-config ${verb} https.letsencrypt.${missing} ${missing === "email" ? "you@example.com" : "hub.example.com"}`,
  };
}

export function certificateAmbiguous(): Problem {
  return {
    code: "CONFIG_HTTPS_AMBIGUOUS",
    path: ["https", "letsencrypt"],
    severity: "warning",
    message: "https.tls and https.letsencrypt are both set; the certificate of https.tls is used",
    remedy: "Unset the one that you do not want: sudo tljh-config unset https.letsencrypt",
  };
}

export function portTwice(path: readonly string[], port: number, other: string): Problem {
  return {
    code: "CONFIG_PORT_TWICE",
    path,
    severity: "error",
    message: `${dotted(path)} is ${port}, which is also the port of ${other}`,
    remedy: `Choose another one: sudo tljh-config set ${dotted(path)} PORT`,
  };
}

export function letsEncryptUnavailable(): TljhError {
  return new TljhError("CONFIG_LETSENCRYPT_UNAVAILABLE", {
    message:
      "https.letsencrypt is set, and this release does not get certificates from Let's Encrypt",
    remedy:
      "Get a certificate with certbot and name its files with https.tls.key and https.tls.cert, or switch HTTPS off: sudo tljh-config set https.enabled false",
  });
}

export function tlsFileUnreadable(name: "key" | "cert", path: string, cause: unknown): TljhError {
  return new TljhError("CONFIG_TLS_FILE_UNREADABLE", {
    message: `${path}, the file of https.tls.${name}, cannot be read`,
    remedy: `Put the file there, or name another: sudo tljh-config set https.tls.${name} /path/to/the/file`,
    cause,
  });
}

/** Several mistakes, told together. A single one has a code of its own. */
export function configInvalid(
  file: string,
  problems: readonly Problem[],
  lineOf: (path: readonly string[]) => number | undefined,
  cause?: "edit",
): TljhError {
  const byLine = problems.toSorted((a, b) => (lineOf(a.path) ?? 0) - (lineOf(b.path) ?? 0));
  const lines = byLine.map((problem) => {
    const line = cause === "edit" ? undefined : lineOf(problem.path);
    return line === undefined ? problem.message : `${problem.message} (line ${line})`;
  });
  const [only] = byLine;
  const single = problems.length === 1 && only;
  const remedies = [...new Set(byLine.map((problem) => problem.remedy))];
  return new TljhError(single ? only.code : "CONFIG_INVALID", {
    message: single
      ? `${cause === "edit" ? "" : `${file}: `}${lines[0]}`
      : `${file} has ${problems.length} mistakes:\n${lines.join("\n")}`,
    remedy: [...remedies, ...(cause === "edit" ? [NO_VALIDATE] : [])].join("\n"),
  });
}

// config.yaml as a file.

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The line itself, as it is shown. */
  readonly text: string;
}

export function yamlBroken(place: Place, reason: string, hint: string): TljhError {
  const { file, line, column, text } = place;
  return new TljhError("CONFIG_YAML_BROKEN", {
    message: `${file} is not valid YAML at line ${line}, column ${column}: ${reason}\n${text}\n${" ".repeat(Math.max(0, column - 1))}^`,
    remedy: `${hint} Edit the file with: sudo nano +${line},${column} ${file}`,
  });
}

export function notAMap(file: string, found: string): TljhError {
  return new TljhError("CONFIG_NOT_A_MAP", {
    message: `${file} holds ${found} where keys such as users: or limits: are expected`,
    remedy: `Write keys with values, one a line, as in "base_url: /". Edit the file with: sudo nano ${file}`,
  });
}

// The first sentences of message and remedy are worded as in the original.
export function needsRoot(cause?: unknown): TljhError {
  return new TljhError("CONFIG_NEEDS_ROOT", {
    message: "tljh-config needs root privileges to run",
    remedy: "Try using sudo before the tljh-config command you wanted to run",
    cause,
  });
}

export function configUnreadable(file: string, cause: unknown): TljhError {
  return new TljhError("CONFIG_UNREADABLE", {
    message: `${file} cannot be read`,
    remedy: `Look at what is there: sudo ls -ld ${file}`,
    cause,
  });
}

export function configUnwritable(file: string, cause: unknown): TljhError {
  return new TljhError("CONFIG_UNWRITABLE", {
    message: `${file} cannot be written; it is as it was before`,
    remedy: "See that its folder exists, is writable and has space left: df -h, ls -ld.",
    cause,
  });
}

// Worded as in the original.
export function lockHeld(lockFile: string): TljhError {
  return new TljhError("CONFIG_LOCK_HELD", {
    message: `Another instance of tljh-config holds the lock ${lockFile}.`,
    remedy: `Wait until it is done, then run the command again. Who holds it: sudo fuser -v ${lockFile}`,
  });
}

// Edits. The first two are worded as in the original.

export function keyMissing(path: string): TljhError {
  return new TljhError("CONFIG_KEY_MISSING", {
    message: `${path} does not exist in config!`,
    remedy: "See what is there: sudo tljh-config show",
  });
}

export function notAList(path: string): TljhError {
  return new TljhError("CONFIG_NOT_A_LIST", {
    message: `${path} is not a list`,
    remedy: `See what is there: sudo tljh-config show. Remove it, if it is wrong: sudo tljh-config unset ${path}`,
  });
}

export function itemMissing(path: string, item: string): TljhError {
  return new TljhError("CONFIG_ITEM_MISSING", {
    message: `${item} is not in the list ${path}`,
    remedy: "See what is there: sudo tljh-config show",
  });
}

export function keyPathInvalid(path: string): TljhError {
  return new TljhError("CONFIG_PATH_INVALID", {
    message: `"${path}" is not the path of a key`,
    remedy: "Write the keys with dots between them, as in limits.memory",
  });
}

export function editImpossible(path: string): TljhError {
  return new TljhError("CONFIG_EDIT_IMPOSSIBLE", {
    message: `${path} cannot be changed in place: config.yaml shares it with other settings (an anchor &name, an alias *name) or writes it in an unusual way (a tag, a key with ?)`,
    remedy: "Change it with an editor: sudo nano /opt/tljh/config/config.yaml",
  });
}

/** One value for a key that holds a list: as the list, its letters would count as items. */
export function listExpected(path: string, value: string): TljhError {
  return new TljhError("CONFIG_LIST_EXPECTED", {
    message: `${path} is a list, and cannot be set to a single value`,
    remedy: `Add to it: sudo tljh-config add-item ${path} ${value}`,
  });
}

// The command line of tljh-config.

/** The command line was not understood. What is wrong and how the command is written are said. */
export function usageWrong(what: string, usage: string): TljhError {
  return new TljhError("CONFIG_USAGE", { message: what, remedy: usage });
}
