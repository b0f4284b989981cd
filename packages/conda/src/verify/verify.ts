import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { timed } from "../environment/events.ts";
import { withLockedPrefix } from "../environment/locked.ts";
import type { CondaEventSink } from "../events.ts";
import { aborted } from "../prefix/errors.ts";
import { normalName, pipDistributions } from "../prefix/pip.ts";
import { META, readPrefixRecords } from "../prefix/records.ts";
import type { PrefixRecord } from "../types.ts";
import { checkFile } from "./check-file.ts";
import { type ExpectedFiles, expectedFiles } from "./expected.ts";

export interface DamagedFile {
  /** Below the prefix. */
  readonly path: string;
  readonly state: "missing" | "changed";
  readonly manager: "conda" | "pip";
  /** The packages that hold it. */
  readonly packages: readonly string[];
}

/** What differs between an environment and what its packages say of it. */
export interface Verification {
  /** How many files were looked at. */
  readonly checked: number;
  readonly damaged: readonly DamagedFile[];
  /** Settings below `etc/`, which are there to be edited. */
  readonly edited: readonly string[];
  /** Files of no package. */
  readonly extra: readonly string[];
  /** Packages of conda of which pip has put another version in the place. */
  readonly replaced: readonly string[];
}

export interface VerifyOptions {
  readonly onEvent?: CondaEventSink | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Files between which others get their turn. */
const AT_ONCE = 256;

/** Compares every file in `directory`, which is or will be `prefix`, with what its packages say. */
export async function verifyDirectory(
  directory: string,
  prefix: string,
  records: readonly PrefixRecord[],
  { onEvent, signal }: VerifyOptions = {},
): Promise<Verification> {
  const expected = expectedFiles(directory, prefix, records);
  const replaced = replacedByPip(directory, records, expected);
  const damaged: DamagedFile[] = [];
  const edited: string[] = [];
  let done = 0;
  for (const [path, said] of expected) {
    if (done % AT_ONCE === 0) {
      onEvent?.({ type: "phase.progress", phase: "verify", done, total: expected.size });
      await setImmediate();
      if (signal?.aborted) throw aborted(signal.reason);
    }
    done += 1;
    const state = checkFile(directory, path, said);
    if (state === "right") continue;
    const packages = said.map((one) => one.package);
    if (packages.every((name) => replaced.has(name))) continue;
    if (state === "changed" && path.startsWith("etc/")) edited.push(path);
    else damaged.push({ path, state, manager: said[0]?.manager ?? "conda", packages });
  }
  const extra = [...extraFiles(directory, "", expected)];
  return { checked: expected.size, damaged, edited, extra, replaced: [...replaced].sort() };
}

/** Those whose own `METADATA` is gone, and of which pip has a distribution. */
function replacedByPip(
  directory: string,
  records: readonly PrefixRecord[],
  expected: ExpectedFiles,
): Set<string> {
  const pips = new Set(pipDistributions(directory, records).map(({ name }) => name));
  const replaced = new Set<string>();
  for (const { name, files } of records) {
    const metadata = files.find((path) => /\.dist-info\/METADATA$/.test(path));
    if (metadata === undefined || !pips.has(normalName(distribution(metadata)))) continue;
    if (checkFile(directory, metadata, expected.get(metadata) ?? []) === "missing")
      replaced.add(name);
  }
  return replaced;
}

function distribution(metadata: string): string {
  return /([^/]+?)-[^-/]+\.dist-info\/METADATA$/.exec(metadata)?.[1] ?? "";
}

const NOT_LOOKED_AT = new Set([META, "pkgs", "envs"]);

function* extraFiles(
  directory: string,
  folder: string,
  expected: ExpectedFiles,
): Generator<string> {
  for (const entry of readdirSync(join(directory, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.name === "__pycache__" || NOT_LOOKED_AT.has(path)) continue;
    if (entry.isDirectory()) yield* extraFiles(directory, path, expected);
    else if (!expected.has(path)) yield path;
  }
}

/** Compares every file of a live environment with what its packages say. */
export function verifyPrefix(prefix: string, options: VerifyOptions = {}): Promise<Verification> {
  return withLockedPrefix({ prefix, ...(options.signal && { signal: options.signal }) }, () =>
    timed("verify", options.onEvent, () =>
      verifyDirectory(prefix, prefix, readPrefixRecords(prefix), options),
    ),
  );
}
