import { crc32 } from "node:zlib";

export interface ZipMember {
  readonly name: string;
  readonly content: Uint8Array;
}

function localHeader(name: Buffer, content: Uint8Array): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(20, 4);
  head.writeUInt16LE(0x21, 12);
  head.writeUInt32LE(crc32(content), 14);
  head.writeUInt32LE(content.length, 18);
  head.writeUInt32LE(content.length, 22);
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, name]);
}

function centralHeader(name: Buffer, content: Uint8Array, offset: number): Buffer {
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(20, 4);
  head.writeUInt16LE(20, 6);
  head.writeUInt16LE(0x21, 14);
  head.writeUInt32LE(crc32(content), 16);
  head.writeUInt32LE(content.length, 20);
  head.writeUInt32LE(content.length, 24);
  head.writeUInt16LE(name.length, 28);
  head.writeUInt32LE(offset, 42);
  return Buffer.concat([head, name]);
}

function endRecord(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}

/** A zip whose members are stored, not compressed, as those of a `.conda` are. */
export function writeZip(members: readonly ZipMember[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of members) {
    const nameBytes = Buffer.from(name);
    const part = Buffer.concat([localHeader(nameBytes, content), content]);
    central.push(centralHeader(nameBytes, content, offset));
    local.push(part);
    offset += part.length;
  }
  const directory = Buffer.concat(central);
  return Buffer.concat([...local, directory, endRecord(members.length, directory.length, offset)]);
}
