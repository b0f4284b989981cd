import { commandMissing, propertyInvalid, unitNameInvalid } from "../errors/daemon.ts";

/** Value of one systemd property, or several for a property that may stand more than once. */
export type PropertyValue = string | readonly string[];

export interface TransientUnit {
  /** Without `.service`; see `transientUnitName`. */
  readonly unit: string;
  /** The first one is an absolute path. */
  readonly command: readonly string[];
  /** Null when systemd makes the account (DynamicUser). */
  readonly account: { readonly uid: number; readonly gid: number } | null;
  readonly workingDirectory: string | null;
  readonly slice: string | null;
  readonly properties: Readonly<Record<string, PropertyValue>>;
  readonly environmentFile: string | null;
}

/**
 * The full name of a transient service: what systemd does not take in a name becomes `\xNN`,
 * and `.service` is always put behind, so that no user's name can be another's unit.
 */
export function transientUnitName(name: string): string {
  if (name === "") throw unitNameInvalid(name, "it is empty");
  const bytes = [...Buffer.from(name, "utf8")].map((byte, index) => {
    const character = String.fromCharCode(byte);
    const plain = /[A-Za-z0-9:_@-]/.test(character) || (character === "." && index > 0);
    return plain ? character : `\\x${byte.toString(16).padStart(2, "0")}`;
  });
  const unit = `${bytes.join("")}.service`;
  if (unit.length > 255) throw unitNameInvalid(name, "it is longer than systemd allows");
  if (unit.startsWith("-")) throw unitNameInvalid(name, 'it begins with "-"');
  if (unit.includes("@.")) throw unitNameInvalid(name, "it is a template");
  return unit;
}

/** Throws `DAEMON_PROPERTY_INVALID` for what could be read as more than one property. */
export function checkProperty(name: string, value: string): void {
  if (!/^[A-Za-z]+$/.test(name)) throw propertyInvalid(name, "its name is not made of letters");
  if (/\p{Cc}/u.test(value)) {
    throw propertyInvalid(name, "its value has a control character");
  }
}

function propertyArguments(properties: Readonly<Record<string, PropertyValue>>): string[] {
  return Object.entries(properties).flatMap(([name, value]) =>
    (typeof value === "string" ? [value] : value).map((one) => {
      checkProperty(name, one);
      return `--property=${name}=${one}`;
    }),
  );
}

/** Properties of every user server unless the request says otherwise. */
const defaults: Readonly<Record<string, string>> = {
  // A command that cannot be run fails the start, instead of a timeout minutes later.
  Type: "exec",
  // The kernel that used too much memory dies, not the server with all other kernels.
  OOMPolicy: "continue",
};

/** The arguments of systemd-run, without its name. Nothing secret is in them. */
export function systemdRunArguments(unit: TransientUnit): string[] {
  const [program = "", ...args] = unit.command;
  if (!program.startsWith("/")) throw commandMissing(program);
  const { account, slice, workingDirectory, environmentFile } = unit;
  return [
    `--unit=${transientUnitName(unit.unit)}`,
    "--quiet",
    `--description=Jupyter server ${unit.unit.replace(/\p{Cc}/gu, " ")}`,
    ...(account ? [`--uid=${account.uid}`, `--gid=${account.gid}`] : []),
    ...(slice ? [`--slice=${checkSlice(slice)}`] : []),
    ...(workingDirectory ? [`--working-directory=${checkPath(workingDirectory)}`] : []),
    ...propertyArguments({ ...defaults, ...unit.properties }),
    ...(environmentFile ? [`--property=EnvironmentFile=${environmentFile}`] : []),
    "--",
    program,
    // systemd would put values of variables in place of $NAME.
    ...args.map((argument) => argument.replaceAll("$", "$$$$")),
  ];
}

function checkSlice(slice: string): string {
  if (!/^[A-Za-z0-9:_.\\@-]+$/.test(slice)) throw unitNameInvalid(slice, "it is not a slice");
  return slice;
}

function checkPath(path: string): string {
  checkProperty("WorkingDirectory", path);
  return path;
}

/** Variables that systemd would not take, by name. */
export function unusableVariables(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment)
    .filter(([name, value]) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || value.includes("\0"))
    .map(([name]) => name);
}

/** Text of an EnvironmentFile (systemd.exec(5)) that gives exactly these variables. */
export function environmentFileText(environment: Readonly<Record<string, string>>): string {
  const unusable = new Set(unusableVariables(environment));
  return Object.entries(environment)
    .filter(([name]) => !unusable.has(name))
    .map(([name, value]) => `${name}="${value.toWellFormed().replace(/["\\`$]/g, "\\$&")}"\n`)
    .join("");
}
