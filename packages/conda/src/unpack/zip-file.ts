import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from "yauzl";

/** Opens a file as a zip, to be closed by the caller. */
export async function openZip(file: string): Promise<ZipFile> {
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    const options = { autoClose: false, strictFileNames: true };
    return await fromRandomAccessReaderPromise(new Parts(descriptor, size), size, options);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** A zip says itself where its parts are: what is not in the file is never asked of the system. */
class Parts extends RandomAccessReader {
  readonly #descriptor: number;
  readonly #size: number;

  constructor(descriptor: number, size: number) {
    super();
    this.#descriptor = descriptor;
    this.#size = size;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    // The caller is ready for the answer only after it has asked.
    setImmediate(() => {
      if (position + length > this.#size) return callback(new Error("a part is not in the file"));
      try {
        callback(null, readSync(this.#descriptor, buffer, offset, length, position));
      } catch (error) {
        callback(error as Error);
      }
    });
  }

  override close(callback: (error: Error | null) => void): void {
    closeSync(this.#descriptor);
    callback(null);
  }
}
