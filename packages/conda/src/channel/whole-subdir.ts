import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createZstdDecompress } from "node:zlib";
import { CondaError } from "../errors.ts";
import type { PackageRecord, RepodataRecord } from "../types.ts";
import { bunzip2 } from "../unpack/bunzip2.ts";
import { located } from "./record.ts";
import { RecordScanner, type RecordSink, type Section } from "./record-scanner.ts";
import type { RepodataFetcher } from "./repodata-fetcher.ts";
import type { SubdirRepodata } from "./subdir.ts";
import { reachable, Survey } from "./survey.ts";

const PIECE = 1 << 20;

/** Repodata in one file. It is never whole in memory: where only some packages matter, only they are kept. */
export class WholeSubdir implements SubdirRepodata {
  readonly form = "whole";
  readonly url: string;
  readonly #file: string;
  readonly #fetcher: RepodataFetcher;
  #survey: Promise<Survey> | undefined;
  #kept: Buffer | undefined;

  constructor(url: string, file: string, fetcher: RepodataFetcher) {
    this.url = url;
    this.#file = file;
    this.#fetcher = fetcher;
  }

  async serve(url: string): Promise<Buffer | undefined> {
    if (url !== `${this.url}/repodata.json`) return undefined;
    if (this.#kept !== undefined) return this.#kept;
    const pieces: Buffer[] = [];
    await this.#read((piece) => pieces.push(piece));
    return Buffer.concat(pieces);
  }

  async names(wanted: Iterable<string>): Promise<Set<string>> {
    const { needs } = await this.survey();
    return new Set([...wanted].filter((name) => needs.has(name)));
  }

  async records(wanted: ReadonlyMap<string, string>): Promise<Map<string, RepodataRecord>> {
    const found = new Map<string, RepodataRecord>();
    const record: RecordSink["record"] = (_section, key, text) => {
      const fn = key.toString();
      if (!wanted.has(fn)) return;
      const raw = JSON.parse(text.toString()) as PackageRecord;
      found.set(fn, located(raw, this.url, fn));
    };
    await this.#scan({ record });
    return found;
  }

  /** Which packages there are, and what each needs. */
  survey(): Promise<Survey> {
    this.#survey ??= this.#look();
    return this.#survey;
  }

  /** From here on it holds the packages of these names alone. */
  async keep(names: ReadonlySet<string>): Promise<void> {
    const survey = await this.survey();
    const picked: Readonly<Record<Section, Buffer[]>> = { packages: [], "packages.conda": [] };
    const ranges = survey.ranges(names);
    let [place, offset] = [0, 0];
    await this.#read((piece) => {
      const end = offset + piece.length;
      for (let range = ranges[place]; range !== undefined && range.start < end; ) {
        const from = Math.max(range.start, offset) - offset;
        // A copy: the piece is large, and would stay in memory as a whole.
        picked[range.section].push(Buffer.from(piece.subarray(from, range.end - offset)));
        if (range.end > end) break;
        picked[range.section].push(COMMA);
        place += 1;
        range = ranges[place];
      }
      offset = end;
    });
    this.#kept = joined(survey.infoText, picked);
  }

  async #look(): Promise<Survey> {
    const survey = new Survey();
    await this.#scan(survey);
    return survey;
  }

  async #scan(sink: RecordSink): Promise<void> {
    const scanner = new RecordScanner(sink);
    if (this.#kept !== undefined) scanner.push(this.#kept);
    else {
      await this.#read((piece) => scanner.push(piece));
      await this.#explained(async () => scanner.end());
    }
  }

  /** The text, piece by piece. */
  #read(onPiece: (piece: Buffer) => void): Promise<void> {
    return this.#explained(async () => {
      const found = await this.#fetcher.find(this.#file);
      if (found === undefined) return;
      if (this.#file.endsWith(".bz2")) return bunzip2(found.file, onPiece);
      const source = createReadStream(found.file, { highWaterMark: PIECE });
      const take = async (pieces: AsyncIterable<Buffer>) => {
        for await (const piece of pieces) onPiece(piece);
      };
      if (!this.#file.endsWith(".zst")) return pipeline(source, take);
      return pipeline(source, createZstdDecompress({ chunkSize: PIECE }), take);
    });
  }

  async #explained(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (error instanceof CondaError) throw error;
      throw await this.#fetcher.damaged(this.#file, error);
    }
  }
}

const COMMA = Buffer.from(",");

function joined(info: string, picked: Readonly<Record<Section, Buffer[]>>): Buffer {
  const of = (section: Section) => [
    Buffer.from(`,"${section}":{`),
    ...picked[section].slice(0, -1),
    Buffer.from("}"),
  ];
  return Buffer.concat([
    Buffer.from(`{"info":${info}`),
    ...of("packages"),
    ...of("packages.conda"),
    Buffer.from("}"),
  ]);
}

/**
 * Of channels with whole repodata only what a solution can need is kept: the packages of these names, and
 * all below them. Beside a sharded channel, whose packages' needs are not known here, everything is.
 */
export async function keepReachable(
  subdirs: readonly SubdirRepodata[],
  names: Iterable<string>,
): Promise<void> {
  if (subdirs.some(({ form }) => form === "sharded")) return;
  const whole = subdirs.filter((subdir) => subdir instanceof WholeSubdir);
  const surveys = await Promise.all(whole.map((subdir) => subdir.survey()));
  const kept = reachable(names, surveys);
  for (const subdir of whole) await subdir.keep(kept);
}
