import { expect, test } from "vitest";
import { parseHistory } from "../prefix/history.ts";
import type { PrefixRecord } from "../types.ts";
import { environmentRequest, pinnedSpecs } from "./request.ts";

function installed(name: string, depends: readonly string[] = []): PrefixRecord {
  const id = { name, version: "1.0", build: "0", build_number: 0, subdir: "linux-64" };
  const origin = { fn: "", url: "", channel: "" };
  return { ...id, ...origin, depends, files: [], paths_data: { paths_version: 1, paths: [] } };
}

const HISTORY = parseHistory("==> x <==\n# update specs: ['lab=4', 'gone']\n");
const INSTALLED = [installed("lab", ["python >=3"]), installed("python"), installed("hand")];

const request = (specs: string[], remove: string[] = []) =>
  environmentRequest({ installed: INSTALLED, history: HISTORY, specs, remove });

test("earlier requests stand beside new ones, and a new one replaces an old", () => {
  expect([...request(["lab=5", "new"]).specs.values()]).toEqual(["lab=5", "new"]);
  expect([...request(["new"]).specs.values()]).toEqual(["lab=4", "new"]);
});

test("what nobody asked for and nothing needs is kept as an orphan", () => {
  expect(request([]).orphans).toEqual(["hand"]);
});

test("a request is met by what is installed, or not", () => {
  expect(request(["python", "lab=4"]).isMet).toBe(true);
  expect(request(["python>=2"]).isMet).toBe(false);
  expect(request([], ["hand"]).isMet).toBe(false);
  expect(request([], ["not-there"]).isMet).toBe(true);
});

test("removing a package removes what needs it from the requests", () => {
  const { removed, specs } = request([], ["python"]);
  expect([...removed].sort()).toEqual(["lab", "python"]);
  expect([...specs]).toEqual([]);
});

test("what is released goes with what it alone needs, and stays where something else needs it", () => {
  const history = parseHistory("==> x <==\n# update specs: ['lab', 'plot', 'array']\n");
  const all = [
    installed("lab", ["array"]),
    installed("plot", ["paint >=1", "array"]),
    installed("paint"),
    installed("array"),
    installed("hand"),
  ];
  const release = (...names: string[]) =>
    environmentRequest({ installed: all, history, specs: ["lab"], remove: [], release: names });
  const { unneeded, specs, isMet, orphans } = release("plot", "array", "not-there");
  expect([...unneeded]).toEqual(["plot", "paint"]);
  expect([...specs.keys()]).toEqual(["lab"]);
  expect({ isMet, orphans }).toEqual({ isMet: true, orphans: ["hand"] });
  expect([...release("lab", "hand").unneeded]).toEqual([]);
});

test("pins count for packages that are in play", () => {
  const text = "# mine\nnumpy 1.26.*  # because\nscipy<2\n";
  expect(pinnedSpecs(text, new Set(["numpy"]))).toEqual(["numpy 1.26.*"]);
});
