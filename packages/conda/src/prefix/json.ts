/** JSON as conda writes it: keys sorted, two spaces, ASCII only, no newline at the end. */
export function condaJson(value: unknown): string {
  return JSON.stringify(sorted(value), null, 2).replace(NOT_ASCII, escaped);
}

const NOT_ASCII = /[\u007f-\uffff]/g;

function escaped(character: string): string {
  // Python leaves DEL as it is.
  if (character === "\u007f") return character;
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
