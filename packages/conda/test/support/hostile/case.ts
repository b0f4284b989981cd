import { type TarMember, writeTar } from "../tar.ts";

/** What becomes of an archive: it is refused in one of two ways, or unpacked. */
export type Verdict = "unsafe" | "damaged" | "fine";

export type Format = "conda" | "tar.bz2";

/** One archive of the corpus. */
export interface ArchiveCase {
  /** What is wrong with it. */
  readonly name: string;
  readonly verdict: Verdict;
  readonly format: Format;
  readonly bytes: Buffer;
}

/** A tar that no package should be, or looks as if. Both formats are made of it. */
export interface TarCase {
  readonly name: string;
  readonly verdict: Verdict;
  readonly tar: Buffer;
}

export const file = (path: string, more: Partial<TarMember> = {}): TarMember => ({
  path,
  content: "x",
  ...more,
});
export const link = (path: string, linkname: string): TarMember => ({ path, type: "2", linkname });
export const hard = (path: string, linkname: string): TarMember => ({ path, type: "1", linkname });
export const folder = (path: string): TarMember => ({ path, type: "5" });

export const tarCase = (
  verdict: Verdict,
  name: string,
  ...members: readonly TarMember[]
): TarCase => ({ name, verdict, tar: writeTar(members) });

/** A member after an extended header, which is made of one statement or is what is given. */
export function pax(
  verdict: Verdict,
  name: string,
  said: string,
  member: TarMember = file("a"),
  content = paxRecord(said),
): TarCase {
  return tarCase(verdict, name, { path: "PaxHeader", type: "x", content }, member);
}

function paxRecord(said: string): string {
  const length = Buffer.byteLength(said) + 2;
  const digits = String(length + String(length + 2).length).length;
  return `${length + digits} ${said}\n`;
}

export function withByte(bytes: Buffer, at: number, value: number): Buffer {
  bytes[at] = value;
  return bytes;
}
