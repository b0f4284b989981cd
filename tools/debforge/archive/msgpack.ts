/** MessagePack, as far as repodata needs it: JSON's values, and bytes. */
export type Packable =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly Packable[]
  | { readonly [name: string]: Packable };

/** A length in the smallest of the forms that the format has for a kind of value. */
function head(
  length: number,
  fix: readonly [mark: number, below: number],
  marks: readonly number[],
) {
  const [mark, below] = fix;
  if (length < below) return Buffer.from([mark | length]);
  const [small, middle = 0, large = 0] = marks;
  if (small && length < 0x100) return Buffer.from([small, length]);
  if (length < 0x10000) return Buffer.from([middle, length >> 8, length & 0xff]);
  const block = Buffer.alloc(5);
  block[0] = large;
  block.writeUInt32BE(length, 1);
  return block;
}

function packNumber(value: number): Buffer {
  if (Number.isInteger(value) && value >= 0 && value < 0x80) return Buffer.from([value]);
  const block = Buffer.alloc(9);
  if (Number.isSafeInteger(value)) {
    block[0] = value < 0 ? 0xd3 : 0xcf;
    block.writeBigInt64BE(BigInt(value), 1);
  } else {
    block[0] = 0xcb;
    block.writeDoubleBE(value, 1);
  }
  return block;
}

function collect(value: Packable, parts: Uint8Array[]): void {
  if (value === null) parts.push(Buffer.from([0xc0]));
  else if (typeof value === "boolean") parts.push(Buffer.from([value ? 0xc3 : 0xc2]));
  else if (typeof value === "number") parts.push(packNumber(value));
  else if (typeof value === "string") {
    const bytes = Buffer.from(value);
    parts.push(head(bytes.length, [0xa0, 32], [0xd9, 0xda, 0xdb]), bytes);
  } else if (value instanceof Uint8Array) {
    parts.push(head(value.length, [0, 0], [0xc4, 0xc5, 0xc6]), value);
  } else if (isList(value)) {
    parts.push(head(value.length, [0x90, 16], [0, 0xdc, 0xdd]));
    for (const item of value) collect(item, parts);
  } else {
    const entries = Object.entries(value);
    parts.push(head(entries.length, [0x80, 16], [0, 0xde, 0xdf]));
    for (const [name, item] of entries) {
      collect(name, parts);
      collect(item, parts);
    }
  }
}

function isList(value: Packable): value is readonly Packable[] {
  return Array.isArray(value);
}

export function packMessage(value: Packable): Buffer {
  const parts: Uint8Array[] = [];
  collect(value, parts);
  return Buffer.concat(parts);
}
