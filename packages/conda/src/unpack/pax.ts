import { damaged, unsafe } from "./fault.ts";
import type { TarHeader } from "./tar-header.ts";

/** The part of an extended header (pax, `x`) that changes the member which follows it. */
export function readPax(content: Buffer): Partial<TarHeader> {
  let said: Partial<TarHeader> = {};
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const length = Number(content.toString("latin1", at, Math.max(at, space)));
    const end = at + length;
    const isRecord = Number.isSafeInteger(length) && end > space + 1 && end <= content.length;
    if (space === -1 || !isRecord) throw damaged("an extended tar header cannot be read");
    said = { ...said, ...paxRecord(content.toString("utf8", space + 1, end - 1)) };
    at = end;
  }
  return said;
}

function paxRecord(text: string): Partial<TarHeader> {
  const equals = text.indexOf("=");
  const key = text.slice(0, equals);
  const value = text.slice(equals + 1);
  if (key === "path") return { path: value };
  if (key === "linkpath") return { linkname: value };
  if (key.startsWith("GNU.sparse")) throw unsafe("a file with holes is in the archive");
  if (key === "mtime") return paxTime(value);
  return key === "size" ? { size: paxSize(value) } : {};
}

/** Decimal; the fraction is left out, as byte code leaves it out of its source's time. */
function paxTime(value: string): Partial<TarHeader> {
  const [, seconds] = /^(\d{1,11})(?:\.\d*)?$/.exec(value) ?? [];
  return seconds === undefined ? {} : { mtime: Number(seconds) };
}

function paxSize(value: string): number {
  const size = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(size)) throw unsafe("a tar header states an impossible size");
  return size;
}
