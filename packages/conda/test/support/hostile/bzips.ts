import { zstdCompressSync } from "node:zlib";
import { packBz2 } from "../package.ts";
import { writeTar } from "../tar.ts";
import { type ArchiveCase, file, type Verdict, withByte } from "./case.ts";

/** The outer shell of a `.tar.bz2`. */
export function bzips(): ArchiveCase[] {
  const whole = () => packBz2(writeTar([file("a", { content: "text".repeat(3000) })]));
  const bz2 = (verdict: Verdict, name: string, bytes: Buffer): ArchiveCase => ({
    name,
    verdict,
    format: "tar.bz2",
    bytes,
  });
  const half = whole().length >> 1;
  return [
    bz2("fine", "as it should be", whole()),
    bz2("damaged", "nothing", Buffer.alloc(0)),
    bz2("damaged", "no bzip2", Buffer.from("not bzip2 at all, whatever its name is")),
    bz2("damaged", "a tar that is not compressed", writeTar([file("a")])),
    bz2("damaged", "another compression", zstdCompressSync(writeTar([file("a")]))),
    ...[4, 20, half, whole().length - 4].map((length) =>
      bz2("damaged", `its first ${length} bytes`, whole().subarray(0, length)),
    ),
    bz2("damaged", "a byte that was altered", withByte(whole(), half, 0xff ^ (whole()[half] ?? 0))),
    bz2("damaged", "bzip2 of nothing", packBz2(Buffer.alloc(0))),
    bz2(
      "fine",
      "two streams, one after another",
      Buffer.concat([
        packBz2(writeTar([file("a")]).subarray(0, 700)),
        packBz2(writeTar([file("a")]).subarray(700)),
      ]),
    ),
  ];
}
