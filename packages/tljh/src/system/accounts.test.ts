import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type AccountFound,
  accountNameProblem,
  generateSystemUsername,
  parseAccount,
  planAccount,
  readAccount,
} from "./accounts.ts";
import { type Group, parseGroup } from "./groups.ts";

const alice = {
  name: "jupyter-alice",
  uid: 1001,
  gid: 1001,
  home: "/home/jupyter-alice",
  shell: "",
};

function found(over: Partial<AccountFound> = {}, groups: readonly Group[] = []): AccountFound {
  const hub = ["jupyterhub-users", "jupyterhub-admins"].map((name) => ({
    name,
    gid: 990,
    members: [],
  }));
  const map = new Map([...hub, ...groups].map((group) => [group.name, group]));
  return { account: null, home: null, groups: map, ...over };
}

const wish = (over = {}) => ({ account: "jupyter-alice", admin: false, groups: [], ...over });
const code = (run: () => unknown) => {
  try {
    return run();
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test.each([
  ["jupyter-user", "jupyter-user"],
  ["a".repeat(25), "a".repeat(25)],
  ["jupyter-averylongusernameandthensome", "jupyter-averylongusernamea-"],
])("the account of %s is %s", (name, start) => {
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 5);
  const expected = start.endsWith("-") ? start + hash : start;
  expect(generateSystemUsername(name)).toBe(expected);
});

test("26 characters are already hashed, and characters are counted as Python counts them", () => {
  const hash = createHash("sha256").update("a".repeat(26)).digest("hex").slice(0, 5);
  expect(generateSystemUsername("a".repeat(26))).toBe(`${"a".repeat(26)}-${hash}`);
  expect(generateSystemUsername("😀".repeat(25))).toBe("😀".repeat(25));
});

test("an account name made of an ASCII login is never longer than 32 characters", () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      expect(generateSystemUsername(`jupyter-${name}`).length).toBeLessThanOrEqual(32);
    }),
  );
});

test.each([
  "jupyter-alice",
  "jupyter-Alice",
  "a.b",
  "jupyter-a@b.org",
  "jupyter-josé",
  "a+b",
  "_x",
])("%s may be an account", (name) => expect(accountNameProblem(name)).toBeNull());

test.each([
  "",
  ".",
  "..",
  "-rf",
  "+a",
  "~a",
  ".x",
  "@x",
  "a/b",
  "../etc",
  "a b",
  "a\nb",
  "a\0b",
  "a:b",
  "a,b",
  "a$b",
  "a`b",
  "a;b",
  "a%b",
  'a"b',
  "a'b",
  "a\\b",
  "a*b",
  "1234",
  "a".repeat(33),
  "é".repeat(17),
  "jose\u0301",
  "a\u202eb",
  "a\ud800",
])("%j may not be an account", (name) => expect(accountNameProblem(name)).not.toBeNull());

test("a name that passes is one path component and no option", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" })), (name) => {
      if (accountNameProblem(name) !== null) return;
      expect(name).not.toMatch(/[/:\s\0%$'"\\]/);
      expect(name).not.toMatch(/^[-.+~]/);
    }),
    { numRuns: 2000 },
  );
});

test("a new account is made with its home and its groups", () => {
  expect(planAccount(wish(), found())).toEqual({
    groups: [],
    create: [
      "useradd",
      "--create-home",
      "--shell",
      "/bin/bash",
      "--groups",
      "jupyterhub-users",
      "jupyter-alice",
    ],
    memberships: [],
  });
  const admin = planAccount(wish({ admin: true }), found());
  expect(admin.create).toContain("jupyterhub-users,jupyterhub-admins");
});

test("nothing is done for an account that is as it should be", () => {
  const users = { name: "jupyterhub-users", gid: 990, members: ["jupyter-alice"] };
  expect(planAccount(wish(), found({ account: alice }, [users]))).toEqual({
    groups: [],
    create: null,
    memberships: [],
  });
});

test("an admin joins the admins, and leaves them when no longer admin", () => {
  const users = { name: "jupyterhub-users", gid: 990, members: ["jupyter-alice"] };
  const admins = { name: "jupyterhub-admins", gid: 991, members: ["jupyter-alice"] };
  const joins = planAccount(wish({ admin: true }), found({ account: alice }, [users]));
  expect(joins.memberships).toEqual([["gpasswd", "--add", "jupyter-alice", "jupyterhub-admins"]]);
  const leaves = planAccount(wish(), found({ account: alice }, [users, admins]));
  expect(leaves.memberships).toEqual([
    ["gpasswd", "--delete", "jupyter-alice", "jupyterhub-admins"],
  ]);
});

test("an extra group never makes an admin", () => {
  const plan = planAccount(wish({ groups: ["jupyterhub-admins"] }), found());
  expect(plan.create?.join(" ")).not.toContain("jupyterhub-admins");
});

test("an extra group is joined once, and must be there", () => {
  const lab = { name: "lab", gid: 1500, members: [] };
  const plan = planAccount(wish({ groups: ["lab", "lab"] }), found({ account: alice }, [lab]));
  expect(plan.memberships.filter((argv) => argv.includes("lab"))).toHaveLength(1);
  expect(code(() => planAccount(wish({ groups: ["lab"] }), found()))).toBe("DAEMON_GROUP_MISSING");
});

test("the hub's groups are made when they are missing", () => {
  expect(planAccount(wish(), found({ groups: new Map() })).groups).toEqual([
    ["groupadd", "--force", "jupyterhub-users"],
    ["groupadd", "--force", "jupyterhub-admins"],
  ]);
});

test("an account that cannot be had is refused before anything is run", () => {
  expect(code(() => planAccount(wish({ account: "a/b" }), found()))).toBe(
    "DAEMON_ACCOUNT_NAME_INVALID",
  );
});

test("an existing account is used whatever its name", () => {
  const odd = { ...alice, name: "odd name" };
  expect(planAccount(wish({ account: "odd name" }), found({ account: odd })).create).toBeNull();
});

test("a home from a backup keeps its owner's number, unless somebody else has it", () => {
  const home = { path: "/home/jupyter-alice", uid: 1005, owner: null };
  expect(planAccount(wish(), found({ home })).create).toContain("1005");
  const taken = { ...home, owner: "bob" };
  expect(code(() => planAccount(wish(), found({ home: taken })))).toBe("DAEMON_ACCOUNT_HOME_TAKEN");
  expect(
    planAccount(wish(), found({ home: { ...home, uid: 0, owner: "root" } })).create,
  ).not.toContain("--uid");
});

test("a group that an earlier account left is taken up, one that is used is not", () => {
  const left = { name: "jupyter-alice", gid: 1001, members: [] };
  expect(planAccount(wish(), found({}, [left])).create).toContain("--gid");
  for (const group of [
    { ...left, gid: 27 },
    { ...left, members: ["bob"] },
  ]) {
    expect(code(() => planAccount(wish(), found({}, [group])))).toBe("DAEMON_ACCOUNT_GROUP_TAKEN");
  }
});

test("passwd and group lines are read", () => {
  expect(parseAccount("a:x:1000:1001:A,,,:/home/a:/bin/sh")).toMatchObject({
    uid: 1000,
    gid: 1001,
    home: "/home/a",
  });
  expect(parseAccount("nonsense")).toBeNull();
  expect(parseGroup("g:x:5:a,b\n")).toEqual({ name: "g", gid: 5, members: ["a", "b"] });
  expect(parseGroup("")).toBeNull();
});

test("an account is found by name and by number, and a name of digits is no number", async () => {
  expect(await readAccount("root")).toMatchObject({ uid: 0 });
  expect(await readAccount(0)).toMatchObject({ name: "root" });
  expect(await readAccount("0")).toBeNull();
});
