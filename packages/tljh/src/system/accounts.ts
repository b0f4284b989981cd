import { createHash } from "node:crypto";
import {
  accountGroupTaken,
  accountHomeTaken,
  accountNameInvalid,
  groupMissing,
} from "../errors/daemon.ts";
import { tryExec } from "./exec.ts";
import type { Group } from "./groups.ts";

export const usersGroup = "jupyterhub-users";
export const adminsGroup = "jupyterhub-admins";

/** Below this number are the accounts and groups of the operating system (login.defs(5)). */
const firstPersonalId = 1000;

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

/**
 * The account of a hub user: under 26 characters unchanged, else the first 26, a dash and
 * five hex digits of the SHA-256, so that the 32 characters of a Linux account are never passed.
 */
export function generateSystemUsername(username: string): string {
  const characters = [...username];
  if (characters.length < 26) return username;
  const hash = createHash("sha256").update(username, "utf8").digest("hex");
  return `${characters.slice(0, 26).join("")}-${hash.slice(0, 5)}`;
}

/** Why a name is not safe as an account, in paths and in arguments of programs; null when it is. */
export function accountNameProblem(name: string): string | null {
  if (name === "") return "it is empty";
  if (Buffer.byteLength(name) > 32) return "it is longer than 32 bytes";
  if (name.normalize("NFC") !== name) return "its accents are separate characters";
  const stranger = /[^\p{L}\p{M}\p{N}_.@+-]/u.exec(name)?.[0];
  if (stranger !== undefined) return `it has the character ${JSON.stringify(stranger)}`;
  if (!/^[\p{L}\p{N}_]/u.test(name)) return `it begins with "${name[0]}"`;
  if (/^\d+$/.test(name)) return "it is a number";
  return null;
}

/** Throws `DAEMON_ACCOUNT_NAME_INVALID` unless the name is safe. */
export function checkAccountName(name: string): void {
  const problem = accountNameProblem(name);
  if (problem !== null) throw accountNameInvalid(name, problem);
}

/** One line of passwd(5), or null when it is none. */
export function parseAccount(line: string): Account | null {
  const [name, , uid, gid, , home, shell] = line.trim().split(":");
  if (!name || !/^\d+$/.test(uid ?? "") || !/^\d+$/.test(gid ?? "")) return null;
  return { name, uid: Number(uid), gid: Number(gid), home: home || "/", shell: shell ?? "" };
}

/** An account as the name service knows it, by its name or its number, or null. */
export async function readAccount(key: string | number): Promise<Account | null> {
  const { stdout } = await tryExec("getent", ["passwd", "--", String(key)]);
  const account = parseAccount(stdout.split("\n")[0] ?? "");
  if (account === null) return null;
  return key === account.name || key === account.uid ? account : null;
}

export interface AccountWish {
  readonly account: string;
  readonly admin: boolean;
  /** Groups besides the hub's own, which must be there. */
  readonly groups: readonly string[];
}

export interface AccountFound {
  readonly account: Account | null;
  /** The groups that exist, of those asked for and the hub's own, and one named like the account. */
  readonly groups: ReadonlyMap<string, Group>;
  /** The folder that would become the home, when it is there already. */
  readonly home: {
    readonly path: string;
    readonly uid: number;
    readonly owner: string | null;
  } | null;
}

/** Commands in the order in which they are run. */
export interface AccountPlan {
  /** Makes groups of the hub's that are missing. */
  readonly groups: readonly (readonly string[])[];
  readonly create: readonly string[] | null;
  /** Joins and leaves groups; a new account is made with its groups. */
  readonly memberships: readonly (readonly string[])[];
}

/** Which commands make the account as wished. Throws when it cannot be had. */
export function planAccount(wish: AccountWish, found: AccountFound): AccountPlan {
  const { account, admin } = wish;
  const extra = wish.groups.filter((group) => group !== usersGroup && group !== adminsGroup);
  for (const group of extra) if (!found.groups.has(group)) throw groupMissing(group, account);
  const wanted = [...new Set([usersGroup, ...(admin ? [adminsGroup] : []), ...extra])];
  const groups = [usersGroup, adminsGroup]
    .filter((group) => !found.groups.has(group))
    .map((group) => ["groupadd", "--force", group]);
  if (found.account === null) {
    return { groups, create: createCommand(account, wanted, found), memberships: [] };
  }
  const isMember = (group: string) => found.groups.get(group)?.members.includes(account) ?? false;
  const join = wanted.filter((group) => !isMember(group));
  const leave = !admin && isMember(adminsGroup) ? [adminsGroup] : [];
  const memberships = [
    ...join.map((group) => ["gpasswd", "--add", account, group]),
    ...leave.map((group) => ["gpasswd", "--delete", account, group]),
  ];
  return { groups, create: null, memberships };
}

function createCommand(account: string, groups: readonly string[], found: AccountFound): string[] {
  checkAccountName(account);
  return [
    "useradd",
    "--create-home",
    "--shell",
    "/bin/bash",
    "--groups",
    groups.join(","),
    ...ownGroup(account, found),
    ...ownNumber(account, found),
    account,
  ];
}

/** A group of the account's name that an earlier account left is taken up; any other is not. */
function ownGroup(account: string, found: AccountFound): string[] {
  const group = found.groups.get(account);
  if (!group) return [];
  if (group.gid < firstPersonalId || group.members.length > 0) throw accountGroupTaken(account);
  return ["--gid", account];
}

/** A home that is there already, from a backup or an account removed, keeps its owner's number. */
function ownNumber(account: string, found: AccountFound): string[] {
  if (!found.home || found.home.uid < firstPersonalId) return [];
  const { path, uid, owner } = found.home;
  if (owner !== null) throw accountHomeTaken(account, path, owner);
  return ["--uid", String(uid)];
}
