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
