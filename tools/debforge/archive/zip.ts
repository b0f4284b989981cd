import { crc32 } from "node:zlib";

export interface ZipMember {
  readonly name: string;
  readonly data: Buffer;
}

/** 1980-01-01, the first day that a zip can name. */
const DOS_DATE = (1 << 5) | 1;

function fields(member: ZipMember): Buffer {
  const block = Buffer.alloc(26);
  block.writeUInt16LE(20, 0);
  block.writeUInt16LE(0x0800, 2);
  block.writeUInt16LE(DOS_DATE, 8);
  block.writeUInt32LE(crc32(member.data), 10);
  block.writeUInt32LE(member.data.length, 14);
  block.writeUInt32LE(member.data.length, 18);
  block.writeUInt16LE(Buffer.byteLength(member.name), 22);
  return block;
}

/**
 * A zip whose members are stored, not compressed, as the outer archive of a `.conda` must be
 * (CEP 35). Members and archive must stay below 4 GiB.
 */
export function writeZip(members: readonly ZipMember[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const name = Buffer.from(member.name);
    const common = fields(member);
    const head = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, name]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((0o100644 << 16) >>> 0) as number, 6);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.from("PK\x01\x02\x14\x03", "latin1"), common, tail, name);
    local.push(head, member.data);
    offset += head.length + member.data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}
