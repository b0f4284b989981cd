import { expect, it } from "vitest";
import { settingsText } from "./text.ts";

it("says of each setting what it is for, what it takes and how it is set", () => {
  const text = settingsText({
    section: "quota",
    keys: {
      gigabytes: { type: "integer", minimum: 1, default: 10, description: "Disk space." },
      groups: { type: "array", items: { type: "string" }, default: ["a"], description: "Groups." },
      each: { type: "object", additionalProperties: { type: "integer" }, description: "By group." },
      token: { type: "string", secret: true, default: "hush", description: "Token." },
      note: { type: "string", default: "", description: "Note." },
    },
  });
  expect(text[0]).toEqual({
    path: "quota.gigabytes",
    description: "Disk space.",
    value: "a whole number, 1 or more",
    default: "10",
    example: "sudo tljh-config set quota.gigabytes 10",
  });
  expect(text.slice(1).map(({ default: fallback, example }) => [fallback, example])).toEqual([
    ['["a"]', "sudo tljh-config add-item quota.groups a"],
    ["none", "sudo tljh-config set quota.each.NAME 1"],
    ["secret", "sudo tljh-config set quota.token VALUE"],
    ["empty", "sudo tljh-config set quota.note VALUE"],
  ]);
});
