import { describe, expect, it } from "vitest";
import { nearest } from "./near.ts";

describe("the nearest known name", () => {
  it.each([
    ["tpye", ["type"], "type"],
    ["adm", ["allowed", "banned", "admin"], "admin"],
    ["Memory", ["memory", "cpu"], "memory"],
    ["memroy", ["memory", "cpu"], "memory"],
    ["", ["cpu"], undefined],
    ["x", ["cpu"], undefined],
    ["quota", ["auth", "users"], undefined],
  ])("of %j among %j is %j", (name, known, expected) => {
    expect(nearest(name, known)).toBe(expected);
  });

  it("is as near as asked for", () => {
    expect(nearest("limt", ["limits"], 1)).toBe(undefined);
    expect(nearest("limit", ["limits"], 1)).toBe("limits");
  });
});
