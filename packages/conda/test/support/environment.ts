import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { changeEnvironment } from "../../src/environment/change.ts";
import type { ChangeOptions } from "../../src/environment/options.ts";
import type { CondaEvent } from "../../src/events.ts";
import type { FixturePackage } from "./package.ts";
import { fixtureSource } from "./source.ts";

/** A directory of this test's own. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "conda-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
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
