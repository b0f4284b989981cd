import { promisify } from "node:util";
import { constants, zstdCompress } from "node:zlib";
import { run } from "../run.ts";

const compress = promisify(zstdCompress);

/** zstd at a level where speed matters more than size. */
export function zstd(data: Buffer, level = 5): Promise<Buffer> {
  return compress(data, {
    params: { [constants.ZSTD_c_compressionLevel]: level },
    pledgedSrcSize: data.length,
  });
}

export function bzip2(data: Buffer): Promise<Buffer> {
  return run("bzip2", ["-9", "-c"], { input: data });
}
