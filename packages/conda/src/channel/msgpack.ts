/** What MessagePack holds, with its binary as Buffer. Extension types are not used by repodata. */
export type MsgpackValue =
  | null
  | boolean
  | number
  | string
  | Buffer
  | readonly MsgpackValue[]
  | ReadonlyMap<string, MsgpackValue>;

/** Reads one MessagePack value (https://github.com/msgpack/msgpack/blob/master/spec.md). */
export function readMsgpack(data: Buffer): MsgpackValue {
  return new MsgpackReader(data).value(0);
}

const DEEPEST = 64;

class MsgpackReader {
  readonly #data: Buffer;
  #at = 0;

  constructor(data: Buffer) {
    this.#data = data;
  }

  value(depth: number): MsgpackValue {
    if (depth > DEEPEST) throw new Error("MessagePack is nested too deeply");
    const type = this.#data.readUInt8(this.#at++);
    if (type < 0x80) return type;
    if (type < 0x90) return this.#map(type & 0x0f, depth);
    if (type < 0xa0) return this.#array(type & 0x0f, depth);
    if (type < 0xc0) return this.#text(type & 0x1f);
    if (type >= 0xe0) return type - 0x100;
    return this.#longer(type, depth);
  }

  #longer(type: number, depth: number): MsgpackValue {
    if (type === 0xc0) return null;
    if (type === 0xc2 || type === 0xc3) return type === 0xc3;
    if (type >= 0xc4 && type <= 0xc6) return this.#bytes(this.#unsigned(1 << (type - 0xc4)));
    if (type === 0xca) return this.#data.readFloatBE(this.#skip(4));
    if (type === 0xcb) return this.#data.readDoubleBE(this.#skip(8));
    if (type >= 0xcc && type <= 0xcf) return this.#unsigned(1 << (type - 0xcc));
    if (type >= 0xd0 && type <= 0xd3) return this.#signed(1 << (type - 0xd0));
    if (type >= 0xd9 && type <= 0xdb) return this.#text(this.#unsigned(1 << (type - 0xd9)));
    if (type === 0xdc || type === 0xdd) {
      return this.#array(this.#unsigned(type === 0xdc ? 2 : 4), depth);
    }
    if (type === 0xde || type === 0xdf) {
      return this.#map(this.#unsigned(type === 0xde ? 2 : 4), depth);
    }
    throw new Error(`MessagePack has an unknown type 0x${type.toString(16)}`);
  }

  /** Moves on, and says where it was. */
  #skip(length: number): number {
    const at = this.#at;
    this.#at += length;
    if (this.#at > this.#data.length) throw new Error("MessagePack ends too early");
    return at;
  }

  #unsigned(width: number): number {
    const at = this.#skip(width);
    return width === 8 ? Number(this.#data.readBigUInt64BE(at)) : this.#data.readUIntBE(at, width);
  }

  #signed(width: number): number {
    const at = this.#skip(width);
    return width === 8 ? Number(this.#data.readBigInt64BE(at)) : this.#data.readIntBE(at, width);
  }

  #bytes(length: number): Buffer {
    const at = this.#skip(length);
    return this.#data.subarray(at, at + length);
  }

  #text(length: number): string {
    return this.#bytes(length).toString("utf8");
  }

  #array(length: number, depth: number): MsgpackValue[] {
    const values: MsgpackValue[] = [];
    for (let index = 0; index < length; index += 1) values.push(this.value(depth + 1));
    return values;
  }

  #map(length: number, depth: number): Map<string, MsgpackValue> {
    const map = new Map<string, MsgpackValue>();
    for (let index = 0; index < length; index += 1) {
      const key = this.value(depth + 1);
      map.set(String(key), this.value(depth + 1));
    }
    return map;
  }
}

/** A value as JSON would have it; binary, which repodata uses for hashes, becomes hexadecimal. */
export function msgpackToJson(value: MsgpackValue): unknown {
  if (Buffer.isBuffer(value)) return value.toString("hex");
  if (Array.isArray(value)) return value.map(msgpackToJson);
  if (!(value instanceof Map)) return value;
  return Object.fromEntries(value.entries().map(([key, inner]) => [key, msgpackToJson(inner)]));
}
