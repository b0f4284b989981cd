import { type Entry, openPromise, type ZipFile } from "yauzl";
import { ArchiveFault, damaged, unsafe } from "./fault.ts";

/** Where a member's bytes are in the file. */
export interface ZipSlice {
  readonly name: string;
  readonly start: number;
  readonly size: number;
}

const STORED = 0;

/** The two tars of a `.conda`, `info-*` first: the zip itself compresses nothing (CEP 2). */
export async function condaTars(file: string): Promise<readonly ZipSlice[]> {
  const zip = await openZip(file);
  try {
    return orderTars(await tarSlices(zip));
  } catch (error) {
    throw error instanceof ArchiveFault ? error : zipFault(error);
  } finally {
    zip.close();
  }
}

/** yauzl refuses names that lead out of the zip, in these words. */
function zipFault(error: unknown): ArchiveFault {
  const text = error instanceof Error ? error.message : String(error);
  return /^(?:invalid relative path|absolute path)/.test(text) ? unsafe(text) : damaged(text);
}

async function openZip(file: string): Promise<ZipFile> {
  try {
    return await openPromise(file, { autoClose: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error;
    throw damaged(`it is no zip (${zipFault(error).message})`);
  }
}

async function tarSlices(zip: ZipFile): Promise<ZipSlice[]> {
  const slices: ZipSlice[] = [];
  for await (const entry of zip.eachEntry()) {
    if (/^(?:info|pkg)-[^/]*\.tar\.zst$/.test(entry.fileName)) slices.push(await slice(zip, entry));
  }
  return slices;
}

async function slice(zip: ZipFile, entry: Entry): Promise<ZipSlice> {
  if (entry.compressionMethod !== STORED) throw damaged(`${entry.fileName} is compressed twice`);
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const end = fileDataStart + entry.compressedSize;
  if (end > zip.fileSize) throw damaged(`${entry.fileName} ends too early`);
  return { name: entry.fileName, start: fileDataStart, size: entry.compressedSize };
}

function orderTars(slices: readonly ZipSlice[]): readonly ZipSlice[] {
  const named = (prefix: string) => slices.filter((one) => one.name.startsWith(prefix));
  const tars = [...named("info-"), ...named("pkg-")];
  if (named("info-").length !== 1 || named("pkg-").length !== 1) {
    throw damaged("it does not hold one info- and one pkg- tar");
  }
  return tars;
}
