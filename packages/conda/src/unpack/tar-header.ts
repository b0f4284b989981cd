import { damaged, unsafe } from "./fault.ts";

export const BLOCK = 512;

/** A tar header as POSIX.1-1988 (ustar) lays it out, with GNU's binary numbers. */
export interface TarHeader {
  readonly path: string;
  /** `0` file, `1` hard link, `2` symbolic link, `5` directory, `x` `g` `L` `K` for the next member. */
  readonly type: string;
  readonly linkname: string;
  readonly mode: number;
  readonly size: number;
  /** Of the last change, in whole seconds since 1970; 0 where none is stated that makes sense. */
  readonly mtime: number;
}

const CHECKSUM_START = 148;
const CHECKSUM_END = 156;

/** `undefined` for the block of zeros that ends an archive. */
export function readHeader(block: Buffer): TarHeader | undefined {
  const sum = headerSum(block);
  if (sum === 0) return undefined;
  if (readNumber(block, CHECKSUM_START, 8) !== sum + 8 * 0x20) {
    throw damaged("a tar header's checksum is wrong");
  }
  const name = readText(block, 0, 100);
  const prefix = isUstar(block) ? readText(block, 345, 155) : "";
  return {
    path: prefix === "" ? name : `${prefix}/${name}`,
    type: block[156] === 0 ? "0" : String.fromCharCode(block[156] ?? 0),
    linkname: readText(block, 157, 100),
    mode: readNumber(block, 100, 8),
    size: readNumber(block, 124, 12),
    mtime: readTime(block, 136, 12),
  };
}

/** GNU's own format has other things than a prefix in the prefix's place. */
function isUstar(block: Buffer): boolean {
  return block.toString("latin1", 257, 263) === "ustar\0";
}

/** The sum of all bytes but the checksum's own; 0 for a block of zeros. */
function headerSum(block: Buffer): number {
  let sum = 0;
  for (let at = 0; at < CHECKSUM_START; at += 1) sum += block[at] ?? 0;
  for (let at = CHECKSUM_END; at < BLOCK; at += 1) sum += block[at] ?? 0;
  return sum;
}

function readText(block: Buffer, start: number, length: number): string {
  const end = block.indexOf(0, start);
  const stop = end === -1 || end > start + length ? start + length : end;
  return stop === start ? "" : block.toString("utf8", start, stop);
}

/** Nothing depends on it but byte code, so that nothing is refused for it. */
function readTime(block: Buffer, start: number, length: number): number {
  const [, octal] = /^ *([0-7]+)/.exec(block.toString("latin1", start, start + length)) ?? [];
  return octal === undefined ? 0 : Number.parseInt(octal, 8);
}

function readNumber(block: Buffer, start: number, length: number): number {
  const first = block[start] ?? 0;
  if (first & 0x80) return readBinary(block, start, length);
  let value = 0;
  for (let at = start; at < start + length; at += 1) {
    const digit = (block[at] ?? 0) - 0x30;
    if (digit >= 0 && digit <= 7) value = value * 8 + digit;
    else if (block[at] === 0 || (block[at] === 0x20 && at > start && value > 0)) break;
    else if (block[at] !== 0x20) throw damaged("a number in a tar header is not octal");
  }
  return value;
}

function readBinary(block: Buffer, start: number, length: number): number {
  let value = (block[start] ?? 0) & 0x7f;
  for (let at = start + 1; at < start + length; at += 1) value = value * 256 + (block[at] ?? 0);
  if (!Number.isSafeInteger(value)) throw unsafe("a tar header states an impossible size");
  return value;
}
