import { describe, expect, it } from "vitest";
import { parseValue } from "./value.ts";

describe("a value on the command line", () => {
  it.each([
    ["1", 1],
    ["007", 7],
    ["1.25", 1.25],
    ["1.", 1],
    ["x", "x"],
    ["1x", "1x"],
    ["1.2x", "1.2x"],
    ["-5", "-5"],
    [".5", ".5"],
    ["None", null],
    ["none", null],
    ["TRUE", true],
    ["False", false],
    ["", ""],
    ["12345678901234567890", 12345678901234567890n],
    [`${"9".repeat(400)}.0`, `${"9".repeat(400)}.0`],
  ])("%j is read as the original reads it", (text, value) => {
    expect(parseValue(text)).toEqual(value);
    expect(parseValue(text, ["some", "plugin"])).toEqual(value);
  });

  it.each([
    ["auth.DummyAuthenticator.password", "007"],
    ["auth.GitHubOAuthenticator.client_id", "123456"],
    ["auth.GitHubOAuthenticator.client_secret", "1e3"],
    ["traefik_api.password", "True"],
    ["https.letsencrypt.email", "1"],
  ])("%s stays the text that it is", (path, text) => {
    expect(parseValue(text, path.split("."))).toBe(text);
    expect(parseValue("none", path.split("."))).toBe(null);
  });

  it.each([["users.admin"], ["users.extra_user_groups.g"], ["auth.Authenticator.allowed_users"]])(
    "an item of %s stays text, even none",
    (path) => {
      expect(parseValue("42", [...path.split("."), 0])).toBe("42");
      expect(parseValue("none", [...path.split("."), 0])).toBe("none");
    },
  );

  it("is a number where the schema has one", () => {
    expect(parseValue("8080", ["http", "port"])).toBe(8080);
  });
});
