/** `JSON.rawJSON` is in Node, but not in TypeScript's library yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/** JSON for people and programs, with a line end. Whole numbers of any size are written exactly. */
export function toJson(value: unknown): string {
  const exact = (_: string, inner: unknown) =>
    typeof inner === "bigint" ? rawJSON(String(inner)) : inner;
  return `${JSON.stringify(value, exact, 2)}\n`;
}
