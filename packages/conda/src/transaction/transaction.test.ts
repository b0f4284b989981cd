import { expect, test } from "vitest";
import type { PrefixRecord, RepodataRecord } from "../types.ts";
import { inDependencyOrder } from "./order.ts";
import { isEmpty, planTransaction, toLink, toUnlink } from "./transaction.ts";

function wanted(name: string, more: Partial<RepodataRecord> = {}): RepodataRecord {
  const base = { name, version: "1.0", build: "0", build_number: 0, subdir: "linux-64" };
  return { ...base, depends: [], fn: `${name}-1.0-0.conda`, url: "", channel: "", ...more };
}

function installed(name: string, more: Partial<RepodataRecord> = {}): PrefixRecord {
  return { ...wanted(name, more), files: [], paths_data: { paths_version: 1, paths: [] } };
}

const summary = (before: PrefixRecord[], after: RepodataRecord[]): string[] =>
  planTransaction(before, after).operations.map((operation) =>
    operation.kind === "remove"
      ? `remove ${operation.from.name}`
      : `${operation.kind} ${operation.to.name}`,
  );

test("dependencies come before what needs them, removals the other way round", () => {
  const before = [installed("a"), installed("b", { depends: ["a"] })];
  const after = [wanted("x", { depends: ["y >=1"] }), wanted("y")];
  expect(summary(before, after)).toEqual(["remove b", "remove a", "install y", "install x"]);
});

test("where all is as wanted there is nothing to do", () => {
  const plan = planTransaction([installed("a", { url: "mirror" })], [wanted("a")]);
  expect(isEmpty(plan)).toBe(true);
  expect(plan.kept).toHaveLength(1);
});

test("another version, build or content is a change", () => {
  const before = [
    installed("a"),
    installed("b"),
    installed("c", { sha256: "1" }),
    installed("d", { sha256: "1", fn: "d.tar.bz2" }),
  ];
  const after = [
    wanted("a", { version: "2" }),
    wanted("b", { build: "1" }),
    wanted("c", { sha256: "2" }),
    wanted("d", { sha256: "2" }),
  ];
  expect(summary(before, after)).toEqual(["change a", "change b", "change c"]);
});

test("with another minor Python all noarch Python packages are linked anew", () => {
  const lib = { noarch: "python" as const, depends: ["python"] };
  const before = [
    installed("python", { version: "3.12.1" }),
    installed("lib", lib),
    installed("c"),
  ];
  const after = [wanted("python", { version: "3.13.0" }), wanted("lib", lib), wanted("c")];
  const plan = planTransaction(before, after);
  expect(summary(before, after)).toEqual(["change python", "reinstall lib"]);
  expect(toUnlink(plan).map((record) => record.name)).toEqual(["lib", "python"]);
  expect(toLink(plan).map((record) => record.name)).toEqual(["python", "lib"]);
});

test("with another patch of Python they stay", () => {
  const before = [
    installed("python", { version: "3.12.1" }),
    installed("lib", { noarch: "python" }),
  ];
  const after = [wanted("python", { version: "3.12.9" }), wanted("lib", { noarch: "python" })];
  expect(summary(before, after)).toEqual(["change python"]);
});

test("circles are cut, and Python comes before pip", () => {
  const records = [
    wanted("pip", { depends: ["python"] }),
    wanted("python", { depends: ["pip"] }),
    wanted("a", { depends: ["b"] }),
    wanted("b", { depends: ["a"] }),
  ];
  const names = inDependencyOrder(records).map((record) => record.name);
  expect(names.indexOf("python")).toBeLessThan(names.indexOf("pip"));
  expect(names).toHaveLength(4);
});
