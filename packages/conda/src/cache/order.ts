import { dependencyClosure } from "../transaction/order.ts";
import type { RepodataRecord } from "../types.ts";

/**
 * Python and what it needs first, because others are compiled with it; then the largest, because
 * the last one to be unpacked should not be one that takes long. Pure.
 */
export function inDownloadOrder(records: readonly RepodataRecord[]): RepodataRecord[] {
  const first = dependencyClosure(records, "python");
  const rank = (record: RepodataRecord): number => (first.has(record.name) ? 0 : 1);
  return records.toSorted((a, b) => rank(a) - rank(b) || (b.size ?? 0) - (a.size ?? 0));
}
