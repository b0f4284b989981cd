import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Account } from "../system/accounts.ts";
import type { Group } from "../system/groups.ts";
import { Accounts, type AccountsMachine } from "./accounts.ts";

let pending: string;
let accounts: Map<string, Account>;
let commands: string[];
let welcomed: string[];
let running = 0;
let mostAtOnce: number;
let strict: boolean;
let members: boolean;
let failing: string | null;

beforeEach(() => {
  pending = mkdtempSync(join(tmpdir(), "accounts-"));
  accounts = new Map();
  commands = [];
  welcomed = [];
  strict = false;
  mostAtOnce = 0;
  members = true;
  failing = null;
});
afterEach(() => rmSync(pending, { recursive: true }));

const failure = (stderr: string) => ({ exitCode: 19, stdout: "", stderr });

const machine: AccountsMachine = {
  async find({ account }) {
    const groups = new Map<string, Group>();
    for (const name of ["jupyterhub-users", "jupyterhub-admins"]) {
      groups.set(name, {
        name,
        gid: 990,
        members: members && accounts.has(account) ? [account] : [],
      });
    }
    return { account: accounts.get(account) ?? null, groups, home: null };
  },
  async run(argv) {
    commands.push(argv.join(" "));
    mostAtOnce = Math.max(mostAtOnce, ++running);
    await new Promise(setImmediate);
    running--;
    const name = argv.at(-1) ?? "";
    if (failing === argv[0]) return failure("disk full");
    if (argv[0] !== "useradd") return { exitCode: 0, stdout: "", stderr: "" };
    if (strict && !argv.includes("--badname")) return failure("use --badname to ignore");
    accounts.set(name, { name, uid: 1001, gid: 1002, home: `/home/${name}`, shell: "/bin/bash" });
    return { exitCode: 0, stdout: "", stderr: "" };
  },
  read: async (account) => accounts.get(account) ?? null,
  closeHome: async ({ home }) => void commands.push(`close ${home}`),
};

const note = async (name: string): Promise<void> => void welcomed.push(name);
const some = (welcome = note) => {
  const farewell = async (name: string, patience: number) =>
    void welcomed.push(`bye ${name} ${patience}`);
  return new Accounts(pending, { welcome, farewell }, machine);
};
const alice = { username: "alice", account: null, admin: false, groups: [], patience: 5 };

test("a new user gets an account, and plugins are told the account's name", async () => {
  expect(await some().ensure(alice)).toEqual({
    account: "jupyter-alice",
    uid: 1001,
    gid: 1002,
    home: "/home/jupyter-alice",
    created: true,
  });
  expect(welcomed).toEqual(["jupyter-alice"]);
  expect(commands).toContain("close /home/jupyter-alice");
});

test("an account that is there is left alone", async () => {
  await some().ensure(alice);
  commands = [];
  expect(await some().ensure({ ...alice, admin: true })).toMatchObject({ created: false });
  expect([commands, welcomed]).toEqual([[], ["jupyter-alice"]]);
});

test("logins at the same time make one account and tell plugins once", async () => {
  const service = some();
  const answers = await Promise.all([1, 2, 3].map(() => service.ensure(alice)));
  expect(answers.filter(({ created }) => created)).toHaveLength(1);
  expect(welcomed).toEqual(["jupyter-alice"]);
});

test("the account tools never run at the same time", async () => {
  const service = some();
  await Promise.all(["a", "b", "c"].map((username) => service.ensure({ ...alice, username })));
  expect(mostAtOnce).toBe(1);
});

test("one user's slow plugin does not hold up another user", async () => {
  let release = (): void => {};
  const slow = new Promise<void>((resolve) => {
    release = resolve;
  });
  const service = some((name) => (name === "jupyter-slow" ? slow : Promise.resolve()));
  const waiting = service.ensure({ ...alice, username: "slow" });
  expect(await service.ensure(alice)).toMatchObject({ created: true });
  release();
  await waiting;
});

test("plugins are told after a crash between account and plugins", async () => {
  await machine.run(["useradd", "jupyter-alice"]);
  writeFileSync(join(pending, "jupyter-alice"), "");
  expect(await some().ensure(alice)).toMatchObject({ created: false });
  expect(welcomed).toEqual(["jupyter-alice"]);
  expect(readdirSync(pending)).toEqual([]);
});

test("a name that new versions of useradd dislike is still made", async () => {
  strict = true;
  await some().ensure({ ...alice, username: "a@b.org" });
  expect(commands.filter((line) => line.startsWith("useradd"))[1]).toContain("--badname");
});

test("an account that cannot be made leaves no note, and the error says why", async () => {
  failing = "useradd";
  const error = { code: "COMMAND_FAILED", message: expect.stringContaining("disk full") };
  await expect(some().ensure(alice)).rejects.toMatchObject(error);
  expect([readdirSync(pending), welcomed]).toEqual([[], []]);
});

test("a group that cannot be joined is an error that names the program", async () => {
  await some().ensure(alice);
  failing = "gpasswd";
  members = false;
  const error = { code: "COMMAND_FAILED", message: expect.stringContaining("gpasswd") };
  await expect(some().ensure(alice)).rejects.toMatchObject(error);
});

test("the superuser is no user", async () => {
  accounts.set("root", { name: "root", uid: 0, gid: 0, home: "/root", shell: "" });
  await expect(some().ensure({ ...alice, account: "root" })).rejects.toMatchObject({
    code: "DAEMON_ACCOUNT_ROOT",
  });
});

test("an account of any name cannot reach out of the folder of notes", async () => {
  accounts.set("../x", { name: "../x", uid: 5, gid: 5, home: "/x", shell: "" });
  await some().ensure({ ...alice, account: "../x" });
  expect(welcomed).toEqual([]);
});

test("an account that the system does not know afterwards is an error", async () => {
  const hooks = { welcome: note, farewell: note };
  const blind = new Accounts(pending, hooks, { ...machine, read: async () => null });
  await expect(blind.ensure(alice)).rejects.toMatchObject({ code: "DAEMON_ACCOUNT_NOT_MADE" });
});

test("of a user who is removed plugins are told the account's name, in milliseconds of patience", async () => {
  const service = some();
  await service.ensure({ ...alice, username: "x".repeat(40) });
  expect(await service.removed({ ...alice, username: "x".repeat(40) })).toBe(true);
  expect(welcomed[1]).toBe(`bye ${welcomed[0]} 5000`);
});

test("of a user who never had an account, and of the superuser, nobody is told", async () => {
  accounts.set("root", { name: "root", uid: 0, gid: 0, home: "/root", shell: "" });
  expect(await some().removed(alice)).toBe(false);
  expect(await some().removed({ ...alice, account: "root" })).toBe(false);
  expect(welcomed).toEqual([]);
});
