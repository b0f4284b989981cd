/** The parts of a 64-bit little-endian ELF file that say which libraries it needs. */

export interface ElfLinks {
  readonly soname: string | undefined;
  readonly needed: readonly string[];
}

const MAGIC = Buffer.from("\x7fELF\x02\x01", "latin1");
const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT_NEEDED = 1;
const DT_STRTAB = 5;
const DT_SONAME = 14;

export function isElf(data: Buffer): boolean {
  return data.length > 64 && data.subarray(0, MAGIC.length).equals(MAGIC);
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

function readSegments(data: Buffer): Segment[] {
  const table = Number(data.readBigUInt64LE(32));
  const entrySize = data.readUInt16LE(54);
  return Array.from({ length: data.readUInt16LE(56) }, (_, index) => {
    const at = table + index * entrySize;
    return {
      type: data.readUInt32LE(at),
      offset: Number(data.readBigUInt64LE(at + 8)),
      address: Number(data.readBigUInt64LE(at + 16)),
      size: Number(data.readBigUInt64LE(at + 32)),
    };
  });
}

/** `undefined` when the file is no ELF file or is not linked dynamically. */
export function readElfLinks(data: Buffer): ElfLinks | undefined {
  if (!isElf(data)) return undefined;
  const segments = readSegments(data);
  const dynamic = segments.find((one) => one.type === PT_DYNAMIC);
  if (!dynamic) return undefined;
  const tags: [tag: number, value: number][] = [];
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16)
    tags.push([Number(data.readBigInt64LE(at)), Number(data.readBigUInt64LE(at + 8))]);
  const address = tags.find(([tag]) => tag === DT_STRTAB)?.[1] ?? 0;
  const holder = segments.find(
    (one) => one.type === PT_LOAD && address >= one.address && address < one.address + one.size,
  );
  if (!holder) return undefined;
  const strings = address - holder.address + holder.offset;
  const name = (offset: number) => {
    const start = strings + offset;
    return data.subarray(start, data.indexOf(0, start)).toString("latin1");
  };
  const named = (wanted: number) =>
    tags.filter(([tag]) => tag === wanted).map(([, at]) => name(at));
  return { soname: named(DT_SONAME)[0], needed: named(DT_NEEDED) };
}
