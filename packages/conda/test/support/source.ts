import { mkdirSync } from "node:fs";
import type { PackageSource } from "../../src/environment/options.ts";
import { specName } from "../../src/prefix/history.ts";
import type { PackageArchive, RepodataRecord } from "../../src/types.ts";
import { writeUnpacked } from "./channel.ts";
import type { FixturePackage } from "./package.ts";
import { solveFailed } from "./solve-failed.ts";

/** The machine's own Python, dressed as a package, so that byte code is really compiled. */
export const PYTHON: FixturePackage = {
  name: "python",
  version: "3.11.2",
  files: { "bin/python3.11": { link: "/usr/bin/python3" }, "bin/python": { link: "python3.11" } },
};

/** Solves by taking the last fixture of each name, with all it depends on. */
export function fixtureSource(
  cacheDir: string,
  fixtures: readonly FixturePackage[],
): PackageSource {
  mkdirSync(cacheDir, { recursive: true });
  const archives = new Map<string, PackageArchive>();
  for (const fixture of fixtures) {
    archives.set(fixture.name, writeUnpacked(cacheDir, fixture));
  }
  return {
    solve: async ({ specs }) =>
      solveByName(
        [...archives.values()].map(({ record }) => record),
        specs,
      ),
    async prepare(records, _options, onPackage) {
      // The other way round: the order of arrival must not matter.
      for (const { name } of records.toReversed()) {
        const archive = archives.get(name);
        if (archive !== undefined) onPackage(archive);
      }
    },
  };
}

/** What is asked for and all it depends on; of each name, the last. */
export function solveByName(
  records: readonly RepodataRecord[],
  specs: readonly string[],
): RepodataRecord[] {
  const byName = new Map(records.map((record) => [record.name, record]));
  const found = new Map<string, RepodataRecord>();
  const add = (name: string): void => {
    const record = byName.get(name);
    if (record === undefined) throw solveFailed(name);
    if (found.has(name)) return;
    found.set(name, record);
    for (const spec of record.depends) add(specName(spec));
  };
  for (const spec of specs) add(specName(spec));
  return [...found.values()];
}
