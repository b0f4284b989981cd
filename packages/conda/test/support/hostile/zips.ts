import { deflateRawSync, zstdCompressSync } from "node:zlib";
import { writeTar } from "../tar.ts";
import { writeZip } from "../zip.ts";
import { type ArchiveCase, file, type Verdict } from "./case.ts";

const PKG = "pkg-x-1-0.tar.zst";
const INFO = "info-x-1-0.tar.zst";

const METADATA = Buffer.from('{"conda_pkg_format_version": 2}');
const PACKAGE_TAR = zstdCompressSync(writeTar([file("a")]));
const EMPTY_TAR = zstdCompressSync(writeTar([]));

const RIGHT = { "metadata.json": METADATA, [PKG]: PACKAGE_TAR, [INFO]: EMPTY_TAR };

/** The same tar as the content of a `.conda`. */
export function condaOf(tar: Buffer): Buffer {
  return zipOf({ [PKG]: zstdCompressSync(tar), [INFO]: EMPTY_TAR });
}

function zipOf(members: Readonly<Record<string, Buffer>>): Buffer {
  return writeZip(Object.entries(members).map(([name, content]) => ({ name, content })));
}

const conda = (verdict: Verdict, name: string, bytes: Buffer): ArchiveCase => ({
  name,
  verdict,
  format: "conda",
  bytes,
});

/** The outer shell of a `.conda`. */
export function zips(): ArchiveCase[] {
  return [...members(), ...tars(), ...forged(), ...zip64s()];
}

function members(): ArchiveCase[] {
  const { [PKG]: _, ...withoutPkg } = RIGHT;
  const { [INFO]: __, ...withoutInfo } = RIGHT;
  const whole = zipOf(RIGHT);
  const many = Object.fromEntries(Array.from({ length: 200 }, (_value, at) => [`${at}`, METADATA]));
  const named = (name: string) => zipOf({ ...RIGHT, [name]: METADATA });
  const twice = (name: string, content: Buffer) =>
    writeZip([
      ...Object.entries(RIGHT).map(([key, value]) => ({ name: key, content: value })),
      { name, content },
    ]);
  return [
    conda("fine", "as it should be", whole),
    conda("fine", "a further file that nobody reads", named("README")),
    conda("damaged", "nothing", Buffer.alloc(0)),
    conda("damaged", "no zip", Buffer.from("not a zip, though long enough to hold one's end")),
    conda("damaged", "a zip of nothing", zipOf({})),
    conda("damaged", "no pkg- tar", zipOf(withoutPkg)),
    conda("damaged", "no info- tar", zipOf(withoutInfo)),
    conda("damaged", "two pkg- tars", zipOf({ ...RIGHT, "pkg-y-1-0.tar.zst": PACKAGE_TAR })),
    conda("damaged", "two info- tars", zipOf({ ...RIGHT, "info-y-1-0.tar.zst": EMPTY_TAR })),
    conda("unsafe", "the same tar twice", twice(PKG, PACKAGE_TAR)),
    conda("unsafe", "the same other file twice", twice("metadata.json", METADATA)),
    conda("unsafe", "many more files than there can be", zipOf({ ...RIGHT, ...many })),
    ...["../x", "a/../../x", "/x", "a\\b", "a\nb", "a\rb", "a\x1bb"].map((name) =>
      conda("unsafe", `a file ${JSON.stringify(name)}`, named(name)),
    ),
    ...[1, 100, whole.length >> 1, whole.length - 30, whole.length - 1].map((length) =>
      conda("damaged", `its first ${length} bytes`, whole.subarray(0, length)),
    ),
    conda("damaged", "something behind its end", Buffer.concat([whole, Buffer.from("more")])),
  ];
}

function tars(): ArchiveCase[] {
  const pkg = (verdict: Verdict, name: string, content: Buffer) =>
    conda(verdict, name, zipOf({ ...RIGHT, [PKG]: content }));
  const bomb = Buffer.concat([writeTar([file("a")]), Buffer.alloc(65 << 20)]);
  const compressed = changed(zipOf({ ...RIGHT, [PKG]: deflateRawSync(PACKAGE_TAR) }), {
    local: (zip, at) => zip.writeUInt16LE(8, at + 8),
    central: (zip, at) => zip.writeUInt16LE(8, at + 10),
  });
  return [
    pkg("damaged", "a tar that is no zstd", writeTar([file("a")])),
    pkg("damaged", "zstd cut short", PACKAGE_TAR.subarray(0, 20)),
    pkg("damaged", "zstd of nothing", zstdCompressSync(Buffer.alloc(0))),
    pkg("damaged", "zstd with noise behind it", Buffer.concat([PACKAGE_TAR, Buffer.alloc(9, 7)])),
    pkg("damaged", "a tar of no bytes", Buffer.alloc(0)),
    pkg("unsafe", "zeros without end behind the end", zstdCompressSync(bomb)),
    conda("damaged", "a tar that is compressed twice", compressed),
  ];
}

/** Changes one of the two headers that say something of the same member. */
type Change = (zip: Buffer, at: number) => void;

/** A zip of which the headers of the `pkg-` tar were written over. */
function changed(zip: Buffer, { local, central }: { local?: Change; central?: Change }): Buffer {
  local?.(zip, zip.indexOf(PKG) - 30);
  central?.(zip, zip.lastIndexOf(PKG) - 46);
  return zip;
}

function forged(): ArchiveCase[] {
  const pkg = (verdict: Verdict, name: string, local?: Change, central?: Change) =>
    conda(
      verdict,
      name,
      changed(zipOf(RIGHT), { ...(local && { local }), ...(central && { central }) }),
    );
  const encrypt = (offset: number) => (zip: Buffer, at: number) =>
    void zip.writeUInt16LE(1, at + offset);
  const write =
    (value: number, ...offsets: readonly number[]) =>
    (zip: Buffer, at: number) => {
      for (const offset of offsets) zip.writeUInt32LE(value, at + offset);
    };
  const counted = zipOf(RIGHT);
  counted.writeUInt16LE(9, counted.length - 22 + 10);
  const altered = zipOf(RIGHT);
  altered.writeUInt8(
    0xff ^ altered.readUInt8(altered.indexOf(PKG) + 40),
    altered.indexOf(PKG) + 40,
  );
  return [
    pkg("damaged", "an encrypted tar", encrypt(6), encrypt(8)),
    pkg("damaged", "a tar beyond the file's end", undefined, write(0x7fffffff, 20, 24)),
    pkg("damaged", "a tar that begins beyond the end", undefined, write(0x7fffffff, 42)),
    pkg("damaged", "a tar that begins where none is", undefined, write(7, 42)),
    pkg("damaged", "a tar of two sizes at once", undefined, write(3, 20)),
    pkg("unsafe", "another size in the tar's own header", write(3, 18, 22)),
    pkg("unsafe", "another checksum in the tar's own header", write(3, 14)),
    pkg("unsafe", "another name in the tar's own header", (zip, at) => zip.write("pkg-y", at + 30)),
    pkg("unsafe", "another compression in the tar's own header", (zip, at) =>
      zip.writeUInt16LE(8, at + 8),
    ),
    conda("damaged", "a byte of a tar that was altered", altered),
    conda("unsafe", "a tar in another file's place", nested()),
    conda("damaged", "more entries in its end than there are", counted),
  ];
}

/** The tar's header and content are the content of the file before it, to which programs differ. */
function nested(): Buffer {
  const inner = zipOf({ [PKG]: PACKAGE_TAR });
  const content = inner.subarray(0, inner.lastIndexOf(PKG) - 46);
  const zip = zipOf({ README: content, [INFO]: EMPTY_TAR, [PKG]: PACKAGE_TAR });
  zip.writeUInt32LE(30 + "README".length, zip.lastIndexOf(PKG) - 46 + 42);
  return zip;
}

/** What a zip's end says in 64 bits; true unless told otherwise. */
interface LongEnd {
  readonly count?: bigint;
  readonly directory?: bigint;
  readonly record?: bigint;
}

function zip64(said: LongEnd): Buffer {
  const zip = zipOf(RIGHT);
  const end = zip.subarray(zip.length - 22);
  const directory = BigInt(end.readUInt32LE(16));
  const long = Buffer.alloc(56 + 20);
  long.writeUInt32LE(0x06064b50, 0);
  long.writeBigUInt64LE(44n, 4);
  long.writeBigUInt64LE(said.count ?? 3n, 24);
  long.writeBigUInt64LE(said.count ?? 3n, 32);
  long.writeBigUInt64LE(BigInt(end.readUInt32LE(12)), 40);
  long.writeBigUInt64LE(said.directory ?? directory, 48);
  long.writeUInt32LE(0x07064b50, 56);
  long.writeBigUInt64LE(said.record ?? BigInt(zip.length - 22), 56 + 8);
  long.writeUInt32LE(1, 56 + 16);
  return Buffer.concat([zip.subarray(0, -22), long, end]);
}

function zip64s(): ArchiveCase[] {
  const most = 0xffff_ffff_ffff_ffffn;
  return [
    conda("fine", "an end in 64 bits", zip64({})),
    conda("unsafe", "more entries than 32 bits can say", zip64({ count: most })),
    conda("damaged", "a directory beyond all files", zip64({ directory: most })),
    conda("damaged", "an end beyond all files", zip64({ record: most })),
    conda("damaged", "an end that is elsewhere", zip64({ record: 5n })),
    conda("damaged", "a directory that is elsewhere", zip64({ directory: 5n })),
  ];
}
