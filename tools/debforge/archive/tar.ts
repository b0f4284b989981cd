/** Just enough of tar (POSIX.1-2001, with GNU's long names when reading) to repack .debs in memory. */

const BLOCK = 512;

export interface TarEntry {
  readonly path: string;
  readonly kind: "file" | "link" | "hardlink" | "directory";
  readonly mode: number;
  /** Empty unless the entry is a file. */
  readonly data: Buffer;
  /** What a link points to. */
  readonly target?: string;
}

const KINDS = {
  "0": "file",
  "\0": "file",
  "1": "hardlink",
  "2": "link",
  "5": "directory",
} as const;

function text(block: Buffer, from: number, length: number): string {
  const field = block.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? length : end).toString("utf8");
}

const octal = (block: Buffer, from: number, length: number) =>
  Number.parseInt(text(block, from, length).trim() || "0", 8);

function parsePax(data: Buffer): Map<string, string> {
  const fields = new Map<string, string>();
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(32, at);
    const length = Number(data.subarray(at, space).toString());
    if (!(length > 0)) break;
    const record = data.subarray(space + 1, at + length - 1).toString();
    const equals = record.indexOf("=");
    fields.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return fields;
}

/** Reads an archive that is wholly in memory; the data of its files are views into it. */
export function* readTar(archive: Buffer): Generator<TarEntry> {
  let longPath: string | undefined;
  let longTarget: string | undefined;
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK);
    if (header[0] === 0) break;
    const size = octal(header, 124, 12);
    const data = archive.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === "L") longPath = text(data, 0, size);
    else if (type === "K") longTarget = text(data, 0, size);
    else if (type === "x") {
      const fields = parsePax(data);
      longPath = fields.get("path") ?? longPath;
      longTarget = fields.get("linkpath") ?? longTarget;
    } else {
      const kind = KINDS[type as keyof typeof KINDS];
      const prefix = text(header, 257, 6) === "ustar" ? text(header, 345, 155) : "";
      const short = text(header, 0, 100);
      const path = longPath ?? (prefix ? `${prefix}/${short}` : short);
      const target = longTarget ?? text(header, 157, 100);
      const mode = octal(header, 100, 8) & 0o7777;
      longPath = undefined;
      longTarget = undefined;
      if (kind === "link" || kind === "hardlink")
        yield { path, kind, mode, data: Buffer.alloc(0), target };
      else if (kind) yield { path, kind, mode, data: kind === "file" ? data : Buffer.alloc(0) };
    }
  }
}

const TYPES = { file: "0", hardlink: "1", link: "2", directory: "5" } as const;

interface Header {
  readonly path: string;
  readonly type: string;
  readonly mode: number;
  readonly size: number;
  readonly target: string;
  readonly mtime: number;
}

function writeHeader({ path, type, mode, size, target, mtime }: Header): Buffer {
  const block = Buffer.alloc(BLOCK);
  const number = (value: number, from: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, "0")}\0`, from, "latin1");
  block.write(path, 0, 100);
  number(mode, 100, 8);
  number(0, 108, 8);
  number(0, 116, 8);
  number(size, 124, 12);
  number(mtime, 136, 12);
  block.fill(32, 148, 156);
  block.write(type, 156, "latin1");
  block.write(target, 157, 100);
  block.write("ustar\x0000root", 257, "latin1");
  block.write("root", 297, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

const padding = (size: number) => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);

function paxRecord(name: string, value: string): string {
  const body = ` ${name}=${value}\n`;
  const bytes = Buffer.byteLength(body);
  let length = bytes + String(bytes).length;
  if (String(length).length + bytes !== length) length += 1;
  return `${length}${body}`;
}

/** An archive of the entries in their order, owned by root, all with one time (seconds). */
export function writeTar(entries: Iterable<TarEntry>, mtime: number): Buffer {
  const parts: Buffer[] = [];
  for (const { path, kind, mode, data, target = "" } of entries) {
    let extra = "";
    if (Buffer.byteLength(path) > 100) extra += paxRecord("path", path);
    if (Buffer.byteLength(target) > 100) extra += paxRecord("linkpath", target);
    if (extra !== "") {
      const body = Buffer.from(extra);
      const header = { path: "@PaxHeader", type: "x", mode: 0o644, size: body.length, target: "" };
      parts.push(writeHeader({ ...header, mtime }), body, padding(body.length));
    }
    parts.push(
      writeHeader({ path, type: TYPES[kind], mode, size: data.length, target, mtime }),
      data,
      padding(data.length),
    );
  }
  parts.push(Buffer.alloc(2 * BLOCK));
  return Buffer.concat(parts);
}
