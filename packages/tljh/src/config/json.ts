/** `JSON.rawJSON` is in Node, but not in TypeScript's library yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

const exact = (_: string, inner: unknown) =>
  typeof inner === "bigint" ? rawJSON(String(inner)) : inner;

/** JSON for people and programs, with a line end. Whole numbers of any size are written exactly. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, exact, 2)}\n`;
}

/** JSON on one line, without a line end. Whole numbers of any size are written exactly. */
export function toJsonLine(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // Without `exact` it is ten times faster, but refuses bigints.
    return JSON.stringify(value, exact);
  }
}

/** As `JSON.parse`, but whole numbers that JavaScript cannot hold become bigints. */
export function fromJson(text: string): unknown {
  // A reviver makes reading ten times slower.
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  return JSON.parse(text, ((_: string, value: unknown, { source = "" }: { source?: string }) =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(source)
      ? BigInt(source)
      : value) as (key: string, value: unknown) => unknown);
}
