import { expect, test } from "vitest";
import { parsePackages } from "./packages.ts";
import { resolve } from "./resolve.ts";

const stanza = (name: string, version: string, fields = "") =>
  `Package: ${name}\nVersion: ${version}\nArchitecture: all\n${fields}`;

const index = parsePackages(
  [
    stanza("app", "1.0-1", "Depends: old-library | python (>= 3.10), tool:any,\n web (>= 2)\n"),
    stanza("python-bin", "3.13-1", "Provides: python (= 3.13)\n"),
    stanza("old-library", "0.1-1"),
    stanza("tool", "1-1", "Depends: compiler | web\n"),
    stanza("compiler", "9-1", "Depends: huge\n"),
    stanza("huge", "1-1"),
    stanza("web", "2.1-1"),
  ].join("\n"),
);
const names = (roots: string[], cut = (_: string) => false) =>
  resolve({ index, roots, cut }).packages.map((one) => one.name);

test("An item that a chosen package provides asks for nothing more", () => {
  expect(names(["python-bin", "app"])).not.toContain("old-library");
});

test("Without one, the first alternative is taken", () => {
  expect(names(["app"])).toContain("old-library");
});

test("What is cut is replaced by another alternative, and what only it needs is left out", () => {
  const found = names(["app"], (name) => name === "compiler");
  expect(found).toEqual(["app", "old-library", "tool", "web"]);
});

test("Edges name the package that meets each item", () => {
  const { edges } = resolve({ index, roots: ["python-bin", "app"], cut: () => false });
  const met = edges.get("app")?.map(({ relation, target }) => [relation.name, target.name]);
  expect(met).toContainEqual(["python", "python-bin"]);
  expect(met).toContainEqual(["web", "web"]);
});

test("A root that the archive does not have is named", () => {
  expect(() => names(["no-such"])).toThrow('"no-such"');
});
