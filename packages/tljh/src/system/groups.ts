import { setTimeout as sleep } from "node:timers/promises";
import { commandFailed } from "../errors/system.ts";
import { type ExecResult, tryExec } from "./exec.ts";

export interface Group {
  readonly name: string;
  readonly gid: number;
  /** Accounts listed in the group itself; those that have it as their primary group are not. */
  readonly members: readonly string[];
}

/** One line of group(5), or null when it is none. */
export function parseGroup(line: string): Group | null {
  const [name, , gid, members = ""] = line.trim().split(":");
  if (!name || !gid || !/^\d+$/.test(gid)) return null;
  return { name, gid: Number(gid), members: members.split(",").filter((member) => member !== "") };
}

/** Those of the groups that the name service knows, in one look. */
export async function readGroups(names: readonly string[]): Promise<Map<string, Group>> {
  const asked = new Set(names);
  if (asked.size === 0) return new Map();
  const { stdout } = await tryExec("getent", ["group", "--", ...asked]);
  const groups = stdout.split("\n").flatMap((line) => parseGroup(line) ?? []);
  // getent reads a name of digits as a number.
  return new Map(groups.filter(({ name }) => asked.has(name)).map((group) => [group.name, group]));
}

/** A group as the name service knows it, or null. */
async function readGroup(name: string): Promise<Group | null> {
  return (await readGroups([name])).get(name) ?? null;
}

export async function groupExists(name: string): Promise<boolean> {
  return (await readGroup(name)) !== null;
}

/** Makes a group when it is not there. */
export async function ensureGroup(name: string): Promise<void> {
  if (!(await groupExists(name))) await runAccountCommand(["groupadd", "--force", name]);
}

/** The account tools fail at once when another program holds the lock of the account files. */
function heldByAnother(result: ExecResult): boolean {
  return /cannot lock|existing lock file|try again later/i.test(result.stderr);
}

/** Runs useradd, groupadd or gpasswd; waits for the lock up to `attempts` half seconds. */
export async function tryAccountCommand(
  argv: readonly string[],
  attempts = 40,
): Promise<ExecResult> {
  const [file = "", ...args] = argv;
  for (let attempt = 1; ; attempt++) {
    const result = await tryExec(file, args, { env: { LC_ALL: "C" } });
    if (result.exitCode === 0 || !heldByAnother(result) || attempt >= attempts) return result;
    await sleep(500);
  }
}

/** Like `tryAccountCommand`; throws `COMMAND_FAILED` unless it exits with 0. */
async function runAccountCommand(argv: readonly string[]): Promise<void> {
  const result = await tryAccountCommand(argv);
  const [file = "", ...args] = argv;
  if (result.exitCode !== 0) throw commandFailed(file, args, result);
}
