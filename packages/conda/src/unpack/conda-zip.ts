import type { Entry, LocalFileHeader, ZipFile } from "yauzl";
import { ArchiveFault, damaged, unsafe } from "./fault.ts";
import { CONTROL } from "./member-path.ts";
import { openZip } from "./zip-file.ts";

/** Where a member's bytes are in the file. */
export interface ZipSlice {
  readonly name: string;
  readonly start: number;
  readonly size: number;
  readonly crc32: number;
}

const STORED = 0;
const SIZES_FOLLOW = 0x08;

/** Stands for a number that is told elsewhere. */
const ELSEWHERE = 0xffffffff;

/** A `.conda` has three; what has many more is none. */
const MOST_ENTRIES = 100;

/** The two tars of a `.conda`, `info-*` first: the zip itself compresses nothing (CEP 2). */
export async function condaTars(file: string): Promise<readonly ZipSlice[]> {
  try {
    const zip = await openZip(file);
    try {
      return orderTars(await slices(zip));
    } finally {
      zip.close();
    }
  } catch (error) {
    throw zipFault(error);
  }
}

/** yauzl's errors are about the zip, the system's are not. It refuses names that lead out in these words. */
function zipFault(error: unknown): unknown {
  if (error instanceof ArchiveFault) return error;
  if ((error as NodeJS.ErrnoException).syscall !== undefined) return error;
  const text = error instanceof Error ? error.message : String(error);
  const isName = /^(?:invalid relative path|absolute path|invalid characters)/.test(text);
  return isName ? unsafe(text) : damaged(`as a zip it cannot be read (${text})`);
}

/** All members of the zip, each of which has its name and its place to itself. */
async function slices(zip: ZipFile): Promise<ZipSlice[]> {
  if (zip.entryCount > MOST_ENTRIES) throw unsafe(`its zip holds ${zip.entryCount} files`);
  const found = new Map<string, ZipSlice>();
  for await (const entry of zip.eachEntry()) {
    const name = entryName(entry);
    if (found.has(name)) throw unsafe(`its zip holds ${JSON.stringify(name)} twice`);
    found.set(name, await slice(zip, entry, name));
  }
  const all = [...found.values()];
  refuseOverlap(all);
  return all;
}

/** yauzl shows control characters as pictures, so that they are looked for in the bytes. */
function entryName({ fileNameRaw }: Entry): string {
  const name = fileNameRaw.toString("utf8");
  if (CONTROL.test(name)) throw unsafe(`its zip holds the name ${JSON.stringify(name)}`);
  return name;
}

async function slice(zip: ZipFile, entry: Entry, name: string): Promise<ZipSlice> {
  if (entry.isEncrypted()) throw damaged(`${name} is encrypted`);
  if (entry.compressionMethod !== STORED) throw damaged(`${name} is compressed twice`);
  const local = await zip.readLocalFileHeaderPromise(entry);
  if (!isSame(entry, local)) throw unsafe(`its zip says two things of ${name}`);
  return { name, start: local.fileDataStart, size: entry.compressedSize, crc32: entry.crc32 };
}

/** A zip describes each member twice, and programs differ in which description they believe. */
function isSame(entry: Entry, local: LocalFileHeader): boolean {
  const isHidden = (local.generalPurposeBitFlag & SIZES_FOLLOW) !== 0;
  const size = [entry.compressedSize, ELSEWHERE];
  return (
    local.fileName.equals(entry.fileNameRaw) &&
    local.compressionMethod === entry.compressionMethod &&
    (isHidden ||
      (local.crc32 === entry.crc32 &&
        size.includes(local.compressedSize) &&
        size.includes(local.uncompressedSize)))
  );
}

function refuseOverlap(all: readonly ZipSlice[]): void {
  const inOrder = all.toSorted((a, b) => a.start - b.start);
  for (const [place, { name, start }] of inOrder.entries()) {
    const before = inOrder[place - 1];
    if (before !== undefined && before.start + before.size > start) {
      throw unsafe(`in its zip ${before.name} and ${name} are in the same place`);
    }
  }
}

function orderTars(all: readonly ZipSlice[]): readonly ZipSlice[] {
  const tars = (part: string) =>
    all.filter(({ name }) => name.startsWith(`${part}-`) && /^[^/]+\.tar\.zst$/.test(name));
  const [info, pkg] = [tars("info"), tars("pkg")];
  if (info.length !== 1 || pkg.length !== 1) {
    throw damaged("it does not hold one info- and one pkg- tar");
  }
  return [...info, ...pkg];
}
