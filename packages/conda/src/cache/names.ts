import type { RepodataRecord } from "../types.ts";
import { recordUnsafe } from "./messages.ts";

/** The archive's name without `.conda` or `.tar.bz2`, which is the name of its folder in the cache. */
export function distName(record: RepodataRecord): string {
  return record.fn.replace(/\.(?:conda|tar\.bz2)$/, "");
}

/** Throws unless file names can be made of a record: they come from the channel. */
export function checkRecord(record: RepodataRecord): void {
  if (!/^[^./\p{Cc}][^/\p{Cc}]*\.(?:conda|tar\.bz2)$/u.test(record.fn)) {
    throw recordUnsafe("file name", record.fn);
  }
  for (const field of ["name", "version", "build"] as const) {
    if (!/^\w[\w.+!~-]*$/.test(record[field])) throw recordUnsafe(field, record[field]);
  }
}
