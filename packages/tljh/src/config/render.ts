/** How a value is written as YAML. Everything here is read alike by YAML 1.1 and 1.2. */

export type Quote = '"' | "'";

const RESERVED = /^(true|false|yes|no|on|off|null|y|n)$/i;
const PLAIN =
  /^[\p{L}_/](?:[\p{L}\p{M}\p{N}_\-./@+=~%&!$^*();]|:(?=[^\s:])| (?=[\p{L}\p{N}_/(]))*$/u;
const PLAIN_WITH_DIGIT = /^(?:[0-9]+[KMGT]|[0-9]+(?:\.[0-9]+){3})$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be escaped
const NEEDS_ESCAPE = /[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]/;

/** A scalar on one line. `quote` asks for these quotation marks if the value is text. */
export function renderScalar(value: unknown, quote?: Quote): string {
  if (typeof value !== "string") return renderOther(value);
  const plain = PLAIN_WITH_DIGIT.test(value) || (PLAIN.test(value) && !RESERVED.test(value));
  if (plain && quote === undefined) return value;
  const escaped = hasUnprintable(value) || (quote ?? (value.includes("'") ? '"' : "'")) === '"';
  return escaped ? doubleQuoted(value) : `'${value.replaceAll("'", "''")}'`;
}

/** Pairs of surrogates are characters; what must be escaped is looked for outside of them. */
function hasUnprintable(value: string): boolean {
  return NEEDS_ESCAPE.test(value.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ""));
}

function doubleQuoted(value: string): string {
  return JSON.stringify(value).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function renderOther(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "number" && !Number.isFinite(value))
    return Number.isNaN(value) ? ".nan" : value > 0 ? ".inf" : "-.inf";
  if (typeof value === "object") return renderFlow(value);
  return String(value);
}

/** A value on one line, for use inside `{…}` and `[…]`. */
export function renderFlow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(renderFlow).join(", ")}]`;
  if (!isFilled(value))
    return typeof value === "object" && value !== null ? "{}" : renderScalar(value);
  const pairs = Object.entries(value).map(
    ([key, inner]) => `${renderScalar(key)}: ${renderFlow(inner)}`,
  );
  return `{${pairs.join(", ")}}`;
}

/** How a file is laid out, so that what is added looks like the rest. */
export interface Layout {
  readonly newline: "\n" | "\r\n";
  /** Spaces by which a map inside a map is indented. */
  readonly step: number;
  /** Spaces by which the dashes of a list are indented below its key. */
  readonly dash: number;
}

/** `key: value` as lines, the first indented by `indent`. */
export function renderPair(key: string, value: unknown, indent: number, layout: Layout): string[] {
  const head = `${" ".repeat(indent)}${renderScalar(key)}:`;
  if (!isFilled(value)) return [`${head} ${renderFlow(value)}`];
  return [head, ...renderBlock(value, indent, layout)];
}

/** The lines of a filled list or map that is the value of a key at `indent`. */
export function renderBlock(value: object, indent: number, layout: Layout): string[] {
  if (Array.isArray(value))
    return value.flatMap((item) => renderItem(item, indent + layout.dash, layout));
  return Object.entries(value).flatMap(([key, inner]) =>
    renderPair(key, inner, indent + layout.step, layout),
  );
}

/** `- item` as lines. */
export function renderItem(item: unknown, indent: number, layout: Layout): string[] {
  const dash = `${" ".repeat(indent)}- `;
  if (Array.isArray(item) || !isFilled(item)) return [dash + renderFlow(item)];
  const lines = Object.entries(item).flatMap(([key, inner]) =>
    renderPair(key, inner, indent + 2, layout),
  );
  return lines.map((line, index) => (index === 0 ? dash + line.slice(indent + 2) : line));
}

/** A list or map with something in it. */
export function isFilled(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}
