/** Writes what sharded repodata holds, in the shortest forms. */
export function writeMsgpack(value: unknown): Buffer {
  if (value === null || value === undefined) return Buffer.from([0xc0]);
  if (typeof value === "boolean") return Buffer.from([value ? 0xc3 : 0xc2]);
  if (typeof value === "number") return writeNumber(value);
  if (Buffer.isBuffer(value)) return sized([0xc4, 0xc5, 0xc6], value.length, value);
  if (typeof value === "string") return writeText(Buffer.from(value));
  if (Array.isArray(value)) {
    const items = Buffer.concat(value.map(writeMsgpack));
    return counted(0x90, [0xdc, 0xdd], value.length, items);
  }
  const entries = Object.entries(value as object);
  const content = Buffer.concat(entries.flatMap((pair) => pair.map(writeMsgpack)));
  return counted(0x80, [0xde, 0xdf], entries.length, content);
}

function writeNumber(value: number): Buffer {
  if (!Number.isSafeInteger(value)) {
    const double = Buffer.from([0xcb, 0, 0, 0, 0, 0, 0, 0, 0]);
    double.writeDoubleBE(value, 1);
    return double;
  }
  if (value >= 0 && value < 0x80) return Buffer.from([value]);
  if (value < 0 && value >= -0x20) return Buffer.from([value + 0x100]);
  const long = Buffer.from([value < 0 ? 0xd3 : 0xcf, 0, 0, 0, 0, 0, 0, 0, 0]);
  long.writeBigInt64BE(BigInt(value), 1);
  return long;
}

function writeText(text: Buffer): Buffer {
  if (text.length < 0x20) return Buffer.concat([Buffer.from([0xa0 + text.length]), text]);
  return sized([0xd9, 0xda, 0xdb], text.length, text);
}

function counted(fix: number, longer: [number, number], count: number, content: Buffer): Buffer {
  if (count < 0x10) return Buffer.concat([Buffer.from([fix + count]), content]);
  return sized([undefined, ...longer], count, content);
}

function sized(types: readonly (number | undefined)[], length: number, content: Buffer): Buffer {
  const width = length < 0x100 && types[0] !== undefined ? 1 : length < 0x10000 ? 2 : 4;
  const head = Buffer.alloc(1 + width);
  head.writeUInt8(types[Math.log2(width)] ?? 0, 0);
  head.writeUIntBE(length, 1, width);
  return Buffer.concat([head, content]);
}
