import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import { crc32, createZstdDecompress, zstdDecompressSync } from "node:zlib";
import { bunzip2 } from "./bunzip2.ts";
import { condaTars, type ZipSlice } from "./conda-zip.ts";
import { DEFAULT_LIMITS, type Extracted, Extractor, type UnpackLimits } from "./extractor.ts";
import { damaged } from "./fault.ts";
import { MeteredReader, Quota } from "./quota.ts";

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
  const most = Math.max(limits.always, statSync(file).size * limits.ratio);
  const extractor = new Extractor(directory, { ...limits, bytes: Math.min(limits.bytes, most) });
  const quota = new Quota(most);
  const newReader = () => new MeteredReader(extractor, quota);
  try {
    if (file.endsWith(".tar.bz2")) await unpackTarBz2(file, newReader());
    else await unpackConda(file, newReader);
    return extractor.finish();
  } finally {
    extractor.close();
  }
}

async function unpackTarBz2(file: string, reader: MeteredReader): Promise<void> {
  await bunzip2(file, (chunk) => reader.push(chunk));
  reader.end();
}

async function unpackConda(file: string, newReader: () => MeteredReader): Promise<void> {
  for (const tar of await condaTars(file)) {
    const reader = newReader();
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
function unpackWhole(file: string, tar: ZipSlice): Buffer | undefined {
  const packed = readSlice(file, tar);
  try {
    checkSum(tar, crc32(packed));
    const options = { maxOutputLength: SMALL_UNPACKED, chunkSize: PIECE, info: true };
    const { buffer, engine } = zstdDecompressSync(packed, options) as unknown as WithEngine;
    checkEnd(tar, engine.bytesWritten);
    return buffer;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return undefined;
    throw zstdFault(error);
  } finally {
    release(packed);
  }
}

/** What zlib gives for `info: true`. */
interface WithEngine {
  readonly buffer: Buffer;
  /** Bytes it was given, up to the end of the data. */
  readonly engine: { readonly bytesWritten: number };
}

function checkEnd({ name, size }: ZipSlice, read: number): void {
  if (read !== size) throw damaged(`${name} goes on behind its end`);
}

function checkSum({ name, crc32 }: ZipSlice, found: number): void {
  if (crc32 !== found) throw damaged(`the checksum of ${name} is another`);
}

function readSlice(file: string, { start, size }: ZipSlice): Buffer {
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

async function unpackPieces(file: string, tar: ZipSlice, reader: MeteredReader): Promise<void> {
  const end = tar.start + tar.size - 1;
  const input = createReadStream(file, { start: tar.start, end, highWaterMark: PIECE });
  const output = createZstdDecompress({ chunkSize: PIECE });
  let sum = 0;
  input.on("data", (chunk) => {
    sum = crc32(chunk, sum);
  });
  input.once("error", (error) => output.destroy(error));
  try {
    for await (const chunk of input.pipe(output)) {
      reader.push(chunk);
      // A piece that is full is not written to again.
      if (chunk.byteOffset + chunk.length === chunk.buffer.byteLength) release(chunk);
    }
    checkEnd(tar, output.bytesWritten);
    checkSum(tar, sum);
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
