import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { changeEnvironment } from "../../src/environment/change.ts";
import type { ChangeOptions, PackageSource } from "../../src/environment/options.ts";
import type { CondaEvent } from "../../src/events.ts";
import { specName } from "../../src/prefix/history.ts";
import type { PackageArchive, RepodataRecord } from "../../src/types.ts";
import { writeUnpacked } from "./channel.ts";
import type { FixturePackage } from "./package.ts";
import { solveFailed } from "./solve-failed.ts";

/** A directory of this test's own. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "conda-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

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
    async solve({ specs }) {
      const found = new Map<string, RepodataRecord>();
      const add = (name: string): void => {
        const archive = archives.get(name);
        if (archive === undefined) throw solveFailed(name);
        if (found.has(name)) return;
        found.set(name, archive.record);
        for (const spec of archive.record.depends) add(specName(spec));
      };
      for (const spec of specs) add(specName(spec));
      return [...found.values()];
    },
    async prepare(records, _options, onPackage) {
      // The other way round: the order of arrival must not matter.
      for (const { name } of records.toReversed()) {
        const archive = archives.get(name);
        if (archive !== undefined) onPackage(archive);
      }
    },
  };
}

export interface TestEnvironment {
  readonly root: string;
  readonly prefix: string;
  readonly options: ChangeOptions;
  readonly events: CondaEvent[];
  /** Installs from these packages. */
  change(
    fixtures: readonly FixturePackage[],
    specs: readonly string[],
    more?: Partial<ChangeOptions>,
  ): ReturnType<typeof changeEnvironment>;
  read(path: string): string;
}

export function testEnvironment(): TestEnvironment {
  const root = temporaryDirectory();
  const events: CondaEvent[] = [];
  const prefix = join(root, "env");
  const options: ChangeOptions = {
    prefix,
    cacheDir: join(root, "cache"),
    snapshotsDir: join(root, "snapshots"),
    channels: [],
    specs: [],
    platform: "linux-64",
    onEvent: (event) => events.push(event),
  };
  let count = 0;
  return {
    root,
    prefix,
    options,
    events,
    change(fixtures, specs, more = {}) {
      count += 1;
      const source = fixtureSource(join(root, `cache-${count}`), fixtures);
      return changeEnvironment({ ...options, specs, ...more }, source);
    },
    read: (path) => readFileSync(join(prefix, path), "utf8"),
  };
}
