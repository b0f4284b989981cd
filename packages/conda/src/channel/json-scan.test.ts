import { describe, expect, it } from "vitest";
import { scanNames, scanObjects } from "./json-scan.ts";

const repodata = {
  packages: { "b-1-0.tar.bz2": { name: "b", depends: ["a-1-0.conda"], note: 'a "}{" text \\' } },
  "packages.conda": { "a-1-0.conda": { name: "a", inner: { deep: {} } } },
  removed: ["c-1-0.conda"],
};

describe.each([
  ["compact", JSON.stringify(repodata)],
  ["indented", JSON.stringify(repodata, null, 2)],
])("a %s repodata", (_, text) => {
  const json = Buffer.from(text);

  it("gives single records, in whatever order they stand", () => {
    const found = scanObjects(json, ["a-1-0.conda", "b-1-0.tar.bz2", "c-1-0.conda"]);
    expect(found).toEqual(
      new Map<string, unknown>([
        ["a-1-0.conda", repodata["packages.conda"]["a-1-0.conda"]],
        ["b-1-0.tar.bz2", repodata.packages["b-1-0.tar.bz2"]],
      ]),
    );
  });

  it("tells which names it has", () => {
    expect(scanNames(json, ["a", "b", "c", "deep"])).toEqual(new Set(["a", "b"]));
  });
});
