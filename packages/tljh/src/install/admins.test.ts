import { expect, test } from "vitest";
import { parseAdmins } from "./admins.ts";

test("an admin is a name, or a name and a password behind a colon", () => {
  expect(parseAdmins(["alice", "bob:secret-pass"])).toEqual([
    { name: "alice", password: null },
    { name: "bob", password: "secret-pass" },
  ]);
});

test("a password may hold colons", () => {
  expect(parseAdmins(["alice:a:b"])).toEqual([{ name: "alice", password: "a:b" }]);
});

test.each(["", ":secret", "alice:"])(
  "--admin %j is refused without showing a password",
  (value) => {
    expect(() => parseAdmins([value])).toThrowError(
      expect.objectContaining({
        code: "INSTALL_ADMIN_MALFORMED",
        message: expect.not.stringContaining("secret"),
      }),
    );
  },
);

test("a name is read as JupyterHub reads it at a login: in lower case", () => {
  expect(parseAdmins(["Alice:Secret"])).toEqual([{ name: "alice", password: "Secret" }]);
});

test.each(["al ice", "al/ice", "a;b"])("%j is refused: no account can have that name", (name) => {
  expect(() => parseAdmins([name])).toThrowError(
    expect.objectContaining({
      code: "INSTALL_ADMIN_NAME_UNUSABLE",
      message: expect.stringContaining(name),
    }),
  );
});
