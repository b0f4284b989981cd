import { describe, expect, it } from "vitest";
import type { Distribution } from "./distributions.ts";
import { afterRun, type Brought, parsePipReport, unneededDistributions } from "./pip-brought.ts";

/** An environment written as `name@version: needs`, installed by pip unless told. */
function environment(
  content: Readonly<Record<string, readonly string[]>>,
  installer = "pip",
): Map<string, Distribution> {
  return new Map(
    Object.entries(content).map(([name, requires]) => [
      name,
      { name, version: "1", installer, requires, plugins: [], place: "" },
    ]),
  );
}

const report = (
  ...install: readonly { name: string; requested?: boolean; url?: string; version?: string }[]
) =>
  parsePipReport(
    JSON.stringify({
      version: "1",
      install: install.map(({ name, requested, url, version = "1" }) => ({
        requested: requested ?? false,
        download_info: { url: url ?? `https://example.org/${name}.whl` },
        metadata: { name, version, requires_dist: [] },
      })),
    }),
  );

const entry = (...entries: string[]) => ({ version: "1", entries });

describe("after a run of pip", () => {
  it("what it brought is known with the entry that asked for it", () => {
    const run = report({ name: "Tabulate", requested: true }, { name: "wcwidth" });
    expect(afterRun({}, new Map(), run, ["tabulate>=0.9"])).toEqual({
      tabulate: entry("tabulate>=0.9"),
      wcwidth: entry(),
    });
  });

  it("what was there before is not ours, though pip has put another version there", () => {
    const run = report({ name: "numpy", requested: true });
    expect(afterRun({}, environment({ numpy: [] }, "conda"), run, ["numpy"])).toEqual({});
  });

  it("what it brought earlier stays ours, with its new version and who asks for it now", () => {
    const before = environment({ x: [] });
    const run = report({ name: "x", requested: true, version: "2" });
    expect(afterRun({ x: entry("x") }, before, run, ["x>=2"])).toEqual({
      x: { version: "2", entries: ["x", "x>=2"] },
    });
  });

  it("a folder and an address are known by where it came from; what names nothing may have meant it", () => {
    const run = report(
      { name: "plugin", requested: true, url: "file:///root/my%20plugin" },
      { name: "other", requested: true, url: "https://example.org/o.git" },
    );
    const entries = ["/root/my plugin", "--requirement=https://example.org/r.txt"];
    expect(afterRun({}, new Map(), run, [...entries, "tabulate"])).toEqual({
      plugin: entry("/root/my plugin"),
      other: entry(...entries),
    });
  });
});

describe("what pip brought", () => {
  const chain: Brought = { a: entry("a"), b: entry(), c: entry() };

  it("goes with what it alone needed", () => {
    const installed = environment({ a: ["b"], b: ["c"], c: [] });
    expect(unneededDistributions(installed, chain, [])).toEqual(["a", "b", "c"]);
    expect(unneededDistributions(installed, chain, ["a"])).toEqual([]);
  });

  it("stays where an entry asks for it, or something else needs it", () => {
    const installed = environment({ a: ["b", "c"], b: [], c: [], hand: ["c"] });
    expect(unneededDistributions(installed, chain, ["B>=1"])).toEqual(["a"]);
  });

  it("stays where it was changed since, or conda has it now", () => {
    const none = { requires: [], plugins: [], place: "" };
    const changed = new Map([
      ["a", { name: "a", version: "2", installer: "pip", ...none }],
      ["b", { name: "b", version: "1", installer: "conda", ...none }],
    ]);
    expect(unneededDistributions(changed, chain, [])).toEqual([]);
  });

  it("stays where two need each other and one of them is wanted; otherwise both go", () => {
    const installed = environment({ a: ["b"], b: ["a"] });
    expect(unneededDistributions(installed, chain, ["a"])).toEqual([]);
    expect(unneededDistributions(installed, chain, [])).toEqual(["a", "b"]);
  });
});
