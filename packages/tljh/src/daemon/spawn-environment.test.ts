import fc from "fast-check";
import { expect, test } from "vitest";
import { unusableVariables } from "../system/transient.ts";
import { acceptEnvironment } from "./spawn-environment.ts";

const before = { PATH: "/bin", LANG: "C", JUPYTERHUB_API_TOKEN: "secret", JPY_X: "1" };

test("a plugin may set, change and remove variables", () => {
  const { LANG: _, ...rest } = before;
  expect(acceptEnvironment(before, { ...rest, PATH: "/x:/bin", NEW: "a\nb" })).toEqual({
    environment: { ...rest, PATH: "/x:/bin", NEW: "a\nb" },
    refused: [],
  });
});

test.each([
  ["JUPYTERHUB_API_TOKEN", "mine", "is JupyterHub's own"],
  ["JPY_X", undefined, "is JupyterHub's own"],
  ["JUPYTERHUB_NEW", "x", "is JupyterHub's own"],
  ["LANG", 5, "is not a string"],
  ["LANG", null, "is not a string"],
  ["LANG", ["C"], "is not a string"],
  ["NOT-A-NAME", "x", "is no name of a variable"],
  ["", "x", "is no name of a variable"],
  ["A=B", "x", "is no name of a variable"],
  ["LANG", "a\0b", "has a NUL character in it"],
  ["LANG", "x".repeat(200_000), "is longer than 102400 bytes"],
])("%s cannot become what a plugin makes of it, and the rest is taken", (name, value, why) => {
  const after = { ...before, [name]: value, GOOD: "yes" };
  expect(acceptEnvironment(before, after)).toEqual({
    environment: { ...before, GOOD: "yes" },
    refused: [{ name, why }],
  });
});

test("an environment without everything keeps what is JupyterHub's", () => {
  const { environment } = acceptEnvironment(before, {});
  expect(environment).toEqual({ JUPYTERHUB_API_TOKEN: "secret", JPY_X: "1" });
});

test("more than a server can be started with is not taken at all", () => {
  const many = Array.from({ length: 50 }, (_, at) => [`V${at}`, "x".repeat(50_000)]);
  expect(acceptEnvironment(before, { ...before, ...Object.fromEntries(many) })).toEqual({
    environment: before,
    refused: [{ name: "", why: "all together are too long" }],
  });
});

test("what systemd would not take from JupyterHub itself is no plugin's fault", () => {
  const odd = { "NOT-A-NAME": "x" };
  expect(acceptEnvironment(odd, odd)).toEqual({ environment: odd, refused: [] });
});

test("whatever a plugin leaves, the server gets strings under usable names, and JupyterHub's own as they were", () => {
  const anything = fc.dictionary(fc.string(), fc.anything());
  const given = fc.dictionary(fc.stringMatching(/^(JUPYTERHUB_|JPY_)?[A-Z]{1,3}$/), fc.string());
  fc.assert(
    fc.property(given, anything, (hub, after) => {
      const start = Object.fromEntries(
        Object.entries(hub).map(([name, value]) => [name, value.replaceAll("\0", "")]),
      );
      const { environment } = acceptEnvironment(start, after);
      expect(unusableVariables(environment)).toEqual([]);
      expect(Object.values(environment).every((value) => typeof value === "string")).toBe(true);
      const own = (all: object) =>
        Object.entries(all).filter(([name]) => /^(JUPYTERHUB|JPY)_/.test(name));
      expect(own(environment)).toEqual(own(start));
    }),
  );
});
