import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { formatHash, PasswordStore, parseHash, usualCost } from "./passwords.ts";

const cheap = { ln: 1, r: 1, p: 1 };
let folder: string;
let file: string;
let store: PasswordStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "passwords-"));
  file = join(folder, "passwords.json");
  store = new PasswordStore(file, cheap);
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a password that was set is valid, any other is not", async () => {
  await store.set("alice", "correct horse");
  expect(await store.check("alice", "correct horse")).toEqual({ valid: true, exists: true });
  expect(await store.check("alice", "correct hors")).toEqual({ valid: false, exists: true });
});

test("a user without a password is told apart, and no password is valid", async () => {
  expect(await store.check("bob", "")).toEqual({ valid: false, exists: false });
  expect(await store.exists("bob")).toBe(false);
});

test("a password is forgotten, the others are kept", async () => {
  await store.set("alice", "a-password");
  await store.set("bob", "b-password");
  await store.forget("alice");
  expect(await store.exists("alice")).toBe(false);
  expect((await store.check("bob", "b-password")).valid).toBe(true);
});

test("the file is root's alone and holds no password", async () => {
  await store.set("alice", "correct horse");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, "utf8")).not.toContain("correct horse");
});

test("passwords set at the same time are all kept", async () => {
  const names = Array.from({ length: 20 }, (_, i) => `user${i}`);
  await Promise.all(names.map((name) => store.set(name, `password-${name}`)));
  const checks = await Promise.all(names.map((name) => store.check(name, `password-${name}`)));
  expect(checks.every(({ valid }) => valid)).toBe(true);
});

test("the same password is kept as different hashes", async () => {
  await store.set("alice", "same-password");
  await store.set("bob", "same-password");
  const { passwords } = JSON.parse(readFileSync(file, "utf8"));
  expect(passwords.alice).not.toBe(passwords.bob);
});

test("accents typed in another way are the same password", async () => {
  await store.set("alice", "caf\u00e9-creme");
  expect((await store.check("alice", "cafe\u0301-creme")).valid).toBe(true);
});

test("names that JavaScript knows are names like any other", async () => {
  for (const name of ["__proto__", "constructor", "toString"]) {
    expect(await store.exists(name)).toBe(false);
    await store.set(name, "some-password");
    expect((await store.check(name, "some-password")).valid).toBe(true);
  }
});

test.each(["", "x".repeat(4097)])(
  "a password that is empty or endless is refused",
  async (text) => {
    await expect(store.set("alice", text)).rejects.toMatchObject({
      code: "DAEMON_PASSWORD_INVALID",
    });
    expect((await store.check("alice", text)).valid).toBe(false);
  },
);

test("a file that cannot be understood is named and left as it is", async () => {
  for (const text of ["", "{", "[]", '{"version":2,"passwords":{}}', '{"version":1}']) {
    writeFileSync(file, text);
    const error = { code: "DAEMON_PASSWORDS_UNREADABLE", message: expect.stringContaining(file) };
    await expect(store.set("alice", "a-password")).rejects.toMatchObject(error);
    expect(readFileSync(file, "utf8")).toBe(text);
  }
});

test("an unknown user's check derives a key of the same cost", async () => {
  const cost = { ln: 4, r: 8, p: 2 };
  const derived: unknown[] = [];
  const watched = new PasswordStore(file, cost, async (_password, salt, used, length) => {
    derived.push([used, salt.length, length]);
    return Buffer.alloc(length);
  });
  await watched.set("alice", "a-password");
  await watched.check("alice", "wrong");
  await watched.check("nobody", "wrong");
  expect(derived).toEqual([0, 1, 2].map(() => [cost, 16, 32]));
});

test("a hash comes back from its text, and carries its cost", () => {
  const bytes = fc.uint8Array({ minLength: 16, maxLength: 64 }).map((b) => Buffer.from(b));
  fc.assert(
    fc.property(bytes, bytes, (salt, hash) => {
      const stored = { cost: usualCost, salt, hash };
      expect(parseHash(formatHash(stored))).toEqual(stored);
    }),
  );
});

test.each([
  "",
  "plain",
  "$2b$12$abc",
  "$scrypt$ln=40,r=8,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "$scrypt$ln=14,r=8,p=0$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "$scrypt$ln=14,r=8,p=1$AAAA$AAAA",
])("%s is no hash", (text) => expect(parseHash(text)).toBeNull());
