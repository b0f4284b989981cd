import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { createZstdDecompress, zstdDecompressSync } from "node:zlib";
import { bunzip2 } from "./bunzip2.ts";
import { condaTars, type ZipSlice } from "./conda-zip.ts";
import { DEFAULT_LIMITS, type Extracted, Extractor, type UnpackLimits } from "./extractor.ts";
import { damaged } from "./fault.ts";
import { TarReader } from "./tar-reader.ts";

/** What is smaller is unpacked in memory at once, which is faster than in pieces. */
const SMALL_PACKED = 1 << 20;
const SMALL_UNPACKED = 4 << 20;
const PIECE = 1 << 18;

/**
 * Unpacks a `.conda` or `.tar.bz2` into `directory`, which must be new and empty. Throws an
 * `ArchiveFault` where the archive is to blame; what it wrote until then is the caller's to remove.
 */
export async function unpackArchive(
  file: string,
  directory: string,
  limits: UnpackLimits = DEFAULT_LIMITS,
): Promise<Extracted> {
  const extractor = new Extractor(directory, limits);
  try {
    if (file.endsWith(".tar.bz2")) await unpackTarBz2(file, extractor);
    else await unpackConda(file, extractor);
    return extractor.finish();
  } finally {
    extractor.close();
  }
}

async function unpackTarBz2(file: string, extractor: Extractor): Promise<void> {
  const reader = new TarReader(extractor);
  await bunzip2(file, (chunk) => reader.push(chunk));
  reader.end();
}

async function unpackConda(file: string, extractor: Extractor): Promise<void> {
  for (const tar of await condaTars(file)) {
    const reader = new TarReader(extractor);
    const whole = tar.size <= SMALL_PACKED ? unpackWhole(file, tar) : undefined;
    if (whole === undefined) await unpackPieces(file, tar, reader);
    else {
      reader.push(whole);
      release(whole);
    }
    reader.end();
  }
}

/**
 * Gives a buffer's memory back at once. The collector goes by objects, of which a buffer of
 * megabytes is a small one, so that it would leave dozens of them.
 */
function release({ buffer }: Buffer): void {
  // Smaller ones are parts of Node's pool.
  if (buffer instanceof ArrayBuffer && buffer.byteLength >= PIECE) buffer.transfer(0);
}

/** `undefined` where the content is too large to be held in memory. */
function unpackWhole(file: string, { start, size }: ZipSlice): Buffer | undefined {
  const packed = readSlice(file, start, size);
  try {
    return zstdDecompressSync(packed, { maxOutputLength: SMALL_UNPACKED, chunkSize: PIECE });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return undefined;
    throw zstdFault(error);
  } finally {
    release(packed);
  }
}

function readSlice(file: string, start: number, size: number): Buffer {
  const descriptor = openSync(file, "r");
  try {
    const buffer = Buffer.allocUnsafe(size);
    const read = readSync(descriptor, buffer, 0, size, start);
    if (read !== size) throw damaged("the file ends too early");
    return buffer;
  } finally {
    closeSync(descriptor);
  }
}

async function unpackPieces(
  file: string,
  { start, size }: ZipSlice,
  reader: TarReader,
): Promise<void> {
  const input = createReadStream(file, { start, end: start + size - 1, highWaterMark: PIECE });
  const output = createZstdDecompress({ chunkSize: PIECE });
  input.once("error", (error) => output.destroy(error));
  try {
    for await (const chunk of input.pipe(output)) {
      reader.push(chunk);
      // A piece that is full is not written to again.
      if (chunk.byteOffset + chunk.length === chunk.buffer.byteLength) release(chunk);
    }
  } catch (error) {
    throw zstdFault(error);
  } finally {
    input.destroy();
  }
}

/** zlib's own errors mean that the data is no zstd; others are passed on. */
function zstdFault(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return /^(?:ZSTD_|Z_)/.test(code) ? damaged(`its zstd data cannot be read (${code})`) : error;
}
