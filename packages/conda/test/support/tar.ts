/** One member of a tar as it is written, with nothing checked: hostile archives are made of these too. */
export interface TarMember {
  readonly path: string;
  /** `0` file, `1` hard link, `2` symbolic link, `3` device, `5` directory, `x` extended header… */
  readonly type?: string;
  readonly content?: Uint8Array | string;
  readonly linkname?: string;
  readonly mode?: number;
  /** Seconds since 1970; 0 by default. */
  readonly mtime?: number;
  /** Said in the header in place of the content's real length. */
  readonly size?: number;
}

const BLOCK = 512;

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, "0")}\0`;
}

function header(member: TarMember, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(member.path, 0, 100, "utf8");
  block.write(octal(member.mode ?? 0o644, 8), 100, "latin1");
  block.write(octal(0, 8), 108, "latin1");
  block.write(octal(0, 8), 116, "latin1");
  block.write(octal(size, 12), 124, "latin1");
  block.write(octal(member.mtime ?? 0, 12), 136, "latin1");
  block.write("        ", 148, "latin1");
  block.write(member.type ?? "0", 156, "latin1");
  block.write(member.linkname ?? "", 157, 100, "utf8");
  block.write("ustar\x0000", 257, "latin1");
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

function paddedContent(content: Uint8Array): Buffer {
  const padding = (BLOCK - (content.length % BLOCK)) % BLOCK;
  return Buffer.concat([content, Buffer.alloc(padding)]);
}

/** Names over 100 bytes go before the member as GNU tar writes them. */
function longName(type: "L" | "K", name: string): Buffer[] {
  if (Buffer.byteLength(name) <= 100) return [];
  const content = Buffer.from(`${name}\0`);
  return [header({ path: "././@LongLink", type }, content.length), paddedContent(content)];
}

function memberBlocks(member: TarMember): Buffer[] {
  const content = Buffer.from(member.content ?? "");
  return [
    ...longName("L", member.path),
    ...longName("K", member.linkname ?? ""),
    header(member, member.size ?? content.length),
    paddedContent(content),
  ];
}

export function writeTar(members: readonly TarMember[], options: { end?: boolean } = {}): Buffer {
  const end = options.end === false ? [] : [Buffer.alloc(2 * BLOCK)];
  return Buffer.concat([...members.flatMap(memberBlocks), ...end]);
}
