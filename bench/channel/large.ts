/**
 * Makes a channel of conda-forge's size: 25,000 packages with 40 records each, once in shards and once in one
 * `repodata.json.zst`. What one package needs are some of the 300 before it, so that a solution that asks
 * for the package of number 1,000 has the records of a thousand to choose from.
 */
import { createHash } from "node:crypto";
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdCompress, zstdCompressSync } from "node:zlib";
import { writeMsgpack } from "../../packages/conda/test/support/msgpack.ts";

const PACKAGES = 25_000;
const VERSIONS = 10;
const BUILDS = ["py310", "py311", "py312", "py313"];
const NEEDS = 5;
const NEAR = 300;
const SUBDIR = "linux-64";

export const packageName = (number: number): string => `package-${String(number).padStart(5, "0")}`;

export interface LargeChannel {
  /** Folders, each a channel. */
  readonly sharded: string;
  readonly whole: string;
}

/** The channel below a folder, made if it is not there yet. */
export async function largeChannel(folder: string): Promise<LargeChannel> {
  const channel = { sharded: join(folder, "sharded"), whole: join(folder, "whole") };
  if (existsSync(folder)) return channel;
  const draft = `${folder}.new`;
  rmSync(draft, { recursive: true, force: true });
  writeSharded(join(draft, "sharded"));
  await writeWhole(join(draft, "whole"));
  renameSync(draft, folder);
  return channel;
}

type LargeRecord = Readonly<Record<string, string | number | readonly string[]>>;

/** All records of a package by their files' names. The same for each call. */
function recordsOf(number: number): [string, LargeRecord][] {
  const name = packageName(number);
  const chance = digest(name);
  const needs = Array.from({ length: number === 0 ? 0 : NEEDS }, (_, place) => {
    const back = 1 + (chance.readUInt16BE(place * 2) % Math.min(number, NEAR));
    return `${packageName(number - back)} >=1.${chance.readUInt8(16 + place) % 3},<2`;
  });
  return Array.from({ length: VERSIONS * BUILDS.length }, (_, place) => {
    const version = `1.${Math.floor(place / BUILDS.length)}.0`;
    const build = `${BUILDS[place % BUILDS.length]}h${chance.toString("hex", 0, 3)}_0`;
    const file = `${name}-${version}-${build}.conda`;
    return [file, record(name, version, build, needs)];
  });
}

function record(
  name: string,
  version: string,
  build: string,
  depends: readonly string[],
): LargeRecord {
  const content = digest(`${name}-${version}-${build}`);
  const rest = { build_number: 0, license: "BSD-3-Clause", license_family: "BSD", subdir: SUBDIR };
  const hashes = { md5: content.toString("hex", 0, 16), sha256: content.toString("hex") };
  const size = 10_000 + content.readUInt16BE(0);
  const timestamp = 1_700_000_000_000 + content.readUInt32BE(4);
  return { build, ...rest, depends, ...hashes, name, size, timestamp, version };
}

const digest = (text: string) => createHash("sha256").update(text).digest();

const INFO = { subdir: SUBDIR };

async function writeWhole(folder: string): Promise<void> {
  mkdirSync(join(folder, SUBDIR), { recursive: true });
  const file = join(folder, SUBDIR, "repodata.json.zst");
  await pipeline(Readable.from(wholeText()), createZstdCompress(), createWriteStream(file));
}

function* wholeText(): Generator<string> {
  yield `{"info":${JSON.stringify(INFO)},"packages":{},"packages.conda":{`;
  for (let number = 0; number < PACKAGES; number += 1) {
    const text = JSON.stringify(Object.fromEntries(recordsOf(number))).slice(1, -1);
    yield number === 0 ? text : `,${text}`;
  }
  yield '},"removed":[],"repodata_version":1}';
}

function writeSharded(folder: string): void {
  mkdirSync(join(folder, SUBDIR, "shards"), { recursive: true });
  const shards: Record<string, Buffer> = {};
  for (let number = 0; number < PACKAGES; number += 1) {
    const records = recordsOf(number).map(([file, { md5, sha256, ...rest }]) => {
      const hashes = { md5: binary(md5), sha256: binary(sha256) };
      return [file, { ...rest, ...hashes }] as const;
    });
    const shard = { packages: {}, "packages.conda": Object.fromEntries(records), removed: [] };
    const bytes = zstdCompressSync(writeMsgpack(shard));
    const hash = createHash("sha256").update(bytes).digest();
    shards[packageName(number)] = hash;
    writeFileSync(join(folder, SUBDIR, "shards", `${hash.toString("hex")}.msgpack.zst`), bytes);
  }
  const info = { ...INFO, base_url: "./", shards_base_url: "./shards/" };
  const index = zstdCompressSync(writeMsgpack({ info, shards }));
  writeFileSync(join(folder, SUBDIR, "repodata_shards.msgpack.zst"), index);
}

const binary = (hex: unknown) => Buffer.from(String(hex), "hex");
