import { writeTar } from "../tar.ts";
import { file, link, pax, type TarCase, tarCase, type Verdict, withByte } from "./case.ts";

/** A member whose header was written over, with the checksum as it must be then. */
function altered(verdict: Verdict, name: string, at: number, bytes: string | Buffer): TarCase {
  const tar = writeTar([file("a")]);
  tar.write(bytes.toString("latin1"), at, "latin1");
  tar.fill(" ", 148, 156);
  const sum = tar.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  tar.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return { name, verdict, tar };
}

const SIZE = 124;

/** Tar headers that say what cannot be. */
export function headers(): TarCase[] {
  const whole = writeTar([file("a", { content: "x".repeat(2000) })]);
  const cut = (length: number): TarCase => ({
    name: `a tar of ${length} bytes`,
    verdict: "damaged",
    tar: whole.subarray(0, length),
  });
  return [
    ...[0, 1, 511, 512, 513, 1000, 2000, 2559, 2560].map(cut),
    altered("damaged", "a size that is no number", SIZE, "00000x00001\0"),
    altered("damaged", "a size in decimal", SIZE, "00000000009\0"),
    altered(
      "unsafe",
      "a size beyond all numbers",
      SIZE,
      Buffer.from("80ffffffffffffffffffffff", "hex"),
    ),
    altered("unsafe", "a negative size", SIZE, Buffer.from("ffffffffffffffffffffffff", "hex")),
    altered("damaged", "a size of more than there is", SIZE, "00000077777\0"),
    altered(
      "unsafe",
      "a size of more than may be",
      SIZE,
      Buffer.from("80000000000000ffffffffff", "hex"),
    ),
    altered("unsafe", "a size of more than so small an archive may become", SIZE, "00600000000\0"),
    altered("damaged", "a link with content", 156, "2"),
    altered("damaged", "a folder with content", 156, "5"),
    altered("damaged", "a device with content", 156, "3"),
    altered("unsafe", "a name that is not UTF-8", 0, Buffer.from([0xff, 0xfe])),
    { name: "a wrong checksum", verdict: "damaged", tar: withByte(writeTar([file("a")]), 0, 0x62) },
    { name: "no end", verdict: "damaged", tar: writeTar([file("a")], { end: false }) },
    { name: "nothing but noise", verdict: "damaged", tar: Buffer.alloc(1024, 0x5a) },
    {
      name: "something behind the end",
      verdict: "fine",
      tar: Buffer.concat([writeTar([file("a")]), Buffer.alloc(700, 1)]),
    },
    { name: "no members", verdict: "fine", tar: writeTar([]) },
    pax("damaged", "a pax header that is no list", "", undefined, "nonsense"),
    pax("damaged", "a pax header with a length of zero", "", undefined, "0 path=a\n"),
    pax("damaged", "a pax header with a length beyond its end", "", undefined, "99 path=a\n"),
    pax("damaged", "a pax header with a negative length", "", undefined, "-9 path=a\n"),
    pax("unsafe", "a pax header with holes in the file", "GNU.sparse.major=1"),
    pax("unsafe", "a pax header with a size that is none", "size=-1"),
    pax("unsafe", "a pax header with a size beyond all numbers", "size=99999999999999999999"),
    pax("damaged", "a pax header with another size", "size=7000"),
    tarCase("unsafe", "a pax header of more than a megabyte", {
      path: "x",
      type: "x",
      content: Buffer.alloc(1100000),
    }),
    tarCase("unsafe", "a long name of more than a megabyte", {
      path: "x",
      type: "L",
      content: Buffer.alloc(1100000),
    }),
    tarCase(
      "unsafe",
      "a long name that leads outside",
      { path: "x", type: "L", content: "../../x\0" },
      file("a"),
    ),
    tarCase(
      "unsafe",
      "a long target that leads outside",
      { path: "x", type: "K", content: "../../x\0" },
      link("a", "b"),
    ),
    tarCase(
      "fine",
      "a global header",
      { path: "g", type: "g", content: "19 path=../outside\n" },
      file("a"),
    ),
  ];
}
