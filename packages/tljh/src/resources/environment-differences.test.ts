import type { PrefixRecord, RepodataRecord } from "@tljh/conda";
import { planTransaction } from "@tljh/conda";
import { describe, expect, it } from "vitest";
import { condaDifferences, type PipChange, pipDifferences } from "./environment-differences.ts";

const record = (name: string, version = "1.0") =>
  ({
    name,
    version,
    build: "0",
    build_number: 0,
    subdir: "noarch",
    depends: [],
  }) as unknown as PrefixRecord & RepodataRecord;

describe("conda's differences", () => {
  const plan = (installed: PrefixRecord[], wanted: RepodataRecord[]) =>
    ({ transaction: planTransaction(installed, wanted) }) as Parameters<typeof condaDifferences>[0];

  it("name every plugin that wants a package, in whatever words", () => {
    const wanted = [
      { value: "xarray >=2024", because: "simple" },
      { value: "conda-forge::xarray", because: "climate" },
    ];
    const found = condaDifferences(
      plan([], [record("xarray"), record("numpy")]),
      wanted,
      new Map(),
    );
    expect(found).toMatchObject([
      { action: "add", what: "numpy 1.0" },
      { action: "add", what: "xarray 1.0", because: "simple, climate" },
    ]);
  });

  it("name the plugin that wanted what goes, and what stays because it is needed", () => {
    const released = new Map([
      ["xarray", "simple"],
      ["numpy", "climate"],
    ]);
    const installed = [record("numpy"), record("xarray")];
    expect(condaDifferences(plan(installed, [record("numpy")]), [], released)).toEqual([
      { action: "remove", what: "xarray 1.0", formerly: "simple" },
      { action: "change", what: "numpy 1.0 stays, for others need it", formerly: "climate" },
    ]);
  });
});

describe("pip's differences", () => {
  const change = (content: Partial<PipChange>): PipChange => ({
    missing: [],
    dropped: new Map(),
    going: [],
    installed: new Map(),
    brought: {},
    ...content,
  });

  it("name what is wanted and by whom", () => {
    const missing = [{ value: "tabulate", because: "simple, climate" }];
    expect(pipDifferences(change({ missing }))).toEqual([
      { action: "add", what: "tabulate (pip)", because: "simple, climate" },
    ]);
  });

  it("name what goes, what it alone needed, and what has to stay", () => {
    const dropped = new Map([
      ["tabulate>=0.9", "simple"],
      ["--pre", "simple"],
      ["numpy", "climate"],
      ["/root/old", ""],
    ]);
    const distribution = (name: string) =>
      [
        name,
        { name, version: "1", installer: "pip", requires: [], plugins: [], place: "" },
      ] as const;
    const found = pipDifferences(
      change({
        dropped,
        going: ["tabulate", "wcwidth", "old"],
        installed: new Map(["tabulate", "wcwidth", "old"].map(distribution)),
        brought: {
          tabulate: { version: "1", entries: ["tabulate>=0.9"] },
          wcwidth: { version: "1", entries: [] },
          old: { version: "1", entries: ["/root/old"] },
        },
      }),
    );
    expect(found).toEqual([
      { action: "remove", what: "tabulate 1 (pip)", formerly: "simple" },
      { action: "remove", what: "wcwidth 1 (pip)" },
      { action: "remove", what: "old 1 (pip)" },
      { action: "remove", what: "--pre (pip)", formerly: "simple" },
      {
        action: "change",
        what: "numpy (pip) stays, for it is not only the plugin's",
        formerly: "climate",
      },
    ]);
  });
});
