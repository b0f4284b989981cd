import { chmod, chown, lstat, mkdir, open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { accountNotMade, accountRoot } from "../errors/daemon.ts";
import { commandFailed } from "../errors/system.ts";
import {
  type Account,
  type AccountFound,
  type AccountWish,
  adminsGroup,
  checkAccountName,
  generateSystemUsername,
  planAccount,
  readAccount,
  usersGroup,
} from "../system/accounts.ts";
import { type ExecResult, tryExec } from "../system/exec.ts";
import { readGroups, tryAccountCommand } from "../system/groups.ts";
import { Queue, Shared } from "./queue.ts";

export interface AccountRequest {
  /** The hub's name of the user. */
  readonly username: string;
  readonly account: string | null;
  readonly admin: boolean;
  readonly groups: readonly string[];
  /** Seconds that plugins may keep the user waiting. */
  readonly patience: number;
}

/** Tells plugins about accounts, within so many milliseconds. Never throws. */
export interface AccountHooks {
  welcome(account: string, patience: number): Promise<void>;
  farewell(account: string, patience: number): Promise<void>;
}

export interface AccountAnswer {
  readonly account: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly created: boolean;
}

/** The machine's side of `Accounts`. */
export interface AccountsMachine {
  find(wish: AccountWish): Promise<AccountFound>;
  run(argv: readonly string[]): Promise<ExecResult>;
  read(account: string): Promise<Account | null>;
  /** Takes the home away from everybody else (o-rwx). */
  closeHome(account: Account): Promise<void>;
}

const linuxAccounts: AccountsMachine = {
  find: findAccount,
  run: (argv) => tryAccountCommand(argv),
  read: readAccount,
  async closeHome({ home, uid, gid }) {
    const found = await lstat(home);
    if (!found.isDirectory()) return;
    // A home from a backup may belong to a group that is another's by now.
    if (found.uid === uid && found.gid !== gid) await chown(home, uid, gid);
    await chmod(home, found.mode & 0o770);
  },
};

/** Everything that `planAccount` needs to know. */
async function findAccount({ account: name, groups: asked }: AccountWish): Promise<AccountFound> {
  const account = await readAccount(name);
  const groups = await readGroups([usersGroup, adminsGroup, name, ...asked]);
  return { account, groups, home: account ? null : await leftHome(name) };
}

async function leftHome(name: string): Promise<AccountFound["home"]> {
  checkAccountName(name);
  const { stdout } = await tryExec("useradd", ["-D"]);
  const path = join(/^HOME=(.+)$/m.exec(stdout)?.[1] ?? "/home", name);
  const found = await lstat(path).catch(() => null);
  if (!found?.isDirectory()) return null;
  return { path, uid: found.uid, owner: (await readAccount(found.uid))?.name ?? null };
}

function accountNameOf({
  username,
  account,
}: Pick<AccountRequest, "username" | "account">): string {
  return account ?? generateSystemUsername(`jupyter-${username}`);
}

/**
 * Makes the accounts of users as they log in. What is to be done once for a new account is noted
 * on disk before the account is made, so that it is done also after a crash in between.
 */
export class Accounts {
  readonly #pending: string;
  readonly #machine: AccountsMachine;
  readonly #hooks: AccountHooks;
  /** The account tools lock their files and fail when another one holds the lock. */
  readonly #changes = new Queue();
  readonly #welcomes = new Shared<void>();

  /** `pending` is a folder of root's. */
  constructor(pending: string, hooks: AccountHooks, machine: AccountsMachine = linuxAccounts) {
    this.#pending = pending;
    this.#hooks = hooks;
    this.#machine = machine;
  }

  async ensure(request: AccountRequest): Promise<AccountAnswer> {
    const name = accountNameOf(request);
    const wish = { account: name, admin: request.admin, groups: request.groups };
    const before = await this.#changes.run(() => this.#change(wish));
    const account = before ?? (await this.#machine.read(name));
    if (account === null) throw accountNotMade(name);
    await this.#welcomes.run(name, () => this.#finish(account, request.patience));
    const { uid, gid, home } = account;
    return { account: name, uid, gid, home, created: before === null };
  }

  /** Tells plugins that a user is gone from the hub; false for one who never had an account. */
  async removed(request: Omit<AccountRequest, "admin" | "groups">): Promise<boolean> {
    const account = await this.#machine.read(accountNameOf(request));
    if (account === null || account.uid === 0) return false;
    await this.#hooks.farewell(account.name, request.patience * 1000);
    return true;
  }

  /** The account as it was before; null when it has just been made. */
  async #change(wish: AccountWish): Promise<Account | null> {
    const found = await this.#machine.find(wish);
    if (found.account?.uid === 0) throw accountRoot(wish.account);
    const plan = planAccount(wish, found);
    for (const argv of plan.groups) await this.#run(argv);
    if (plan.create) {
      await mkdir(this.#pending, { recursive: true, mode: 0o700 });
      await (await open(this.#note(wish.account), "w", 0o600)).close();
      await this.#create(plan.create, wish.account);
    }
    for (const argv of plan.memberships) await this.#run(argv);
    return found.account;
  }

  /** Names that are safe but not to the taste of newer versions of useradd need its `--badname`. */
  async #create(argv: readonly string[], account: string): Promise<void> {
    const [file = "", ...args] = argv;
    const first = await this.#machine.run(argv);
    const isRefused = first.exitCode !== 0 && /--badname/.test(first.stderr);
    const last = isRefused ? await this.#machine.run([file, "--badname", ...args]) : first;
    if (last.exitCode === 0) return;
    await rm(this.#note(account), { force: true });
    throw commandFailed(file, args.slice(-1), last);
  }

  async #run(argv: readonly string[]): Promise<void> {
    const [file = "", ...args] = argv;
    const result = await this.#machine.run(argv);
    if (result.exitCode !== 0) throw commandFailed(file, args, result);
  }

  async #finish(account: Account, patience: number): Promise<void> {
    const note = this.#note(account.name);
    if (!(await stat(note).catch(() => null))) return;
    await this.#machine.closeHome(account);
    await this.#hooks.welcome(account.name, patience * 1000);
    await rm(note, { force: true });
  }

  #note(account: string): string {
    // An account that somebody else made may have any name.
    return join(this.#pending, encodeURIComponent(account));
  }
}
