import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  stringify,
  visit,
} from "yaml";
import { notAMap, yamlBroken } from "../errors/config.ts";

/** config.yaml, parsed: always a map or nothing. */
export interface ConfigDocument {
  readonly text: string;
  readonly file: string;
  readonly yaml: Document.Parsed;
  /** The line, from 1, of the key at a path; undefined when it does not stand in the file. */
  lineOf(path: readonly string[]): number | undefined;
}

/** Parses config.yaml. Throws `CONFIG_YAML_BROKEN` or `CONFIG_NOT_A_MAP`; an empty file is good. */
export function parseConfigDocument(text: string, file = "config.yaml"): ConfigDocument {
  const lines = new LineCounter();
  const yaml = parseDocument(text, {
    lineCounter: lines,
    keepSourceTokens: true,
    prettyErrors: false,
    logLevel: "error",
    intAsBigInt: true,
    merge: true,
  });
  const document = {
    text,
    file,
    yaml,
    lineOf: (path: readonly string[]) => lineOf(yaml, lines, path),
  };
  const [error] = yaml.errors;
  if (error) throw broken(error.message, error.code, startOf(error.pos[0], yaml), document);
  const root = yaml.contents;
  if (root !== null && !isMap(root) && !(isScalar(root) && root.value === null))
    throw notAMap(file, isSeq(root) ? "a list" : "a single value");
  return document;
}

/**
 * The configuration as written, as plain data: whole numbers that JavaScript cannot hold are bigints,
 * and scalars of keys that hold text are the text that stands in the file (`007`, not 7).
 */
export function writtenValue(
  document: ConfigDocument,
  holdsText: (path: readonly PropertyKey[]) => boolean,
): Record<string, unknown> {
  const { yaml } = document;
  let value: unknown;
  try {
    value = yaml.toJS() ?? {};
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw broken(reason, "ALIAS", firstAlias(yaml), document);
  }
  return settle(value, yaml.contents, [], { yaml, holdsText }) as Record<string, unknown>;
}

interface Settling {
  readonly yaml: Document.Parsed;
  holdsText(path: readonly PropertyKey[]): boolean;
}

function settle(value: unknown, node: unknown, path: PropertyKey[], how: Settling): unknown {
  if (isAlias(node)) return settle(value, node.resolve(how.yaml), path, how);
  if (Array.isArray(value)) {
    const items = isSeq(node) ? node.items : [];
    return value.map((item, index) => settle(item, items[index], [...path, index], how));
  }
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [
        name,
        settle(inner, valueNode(node, name), [...path, name], how),
      ]),
    );
  if (how.holdsText(path)) return textOf(value, node, typeof path.at(-1) === "number");
  return plainNumber(value);
}

/** Null is "no value" for a key, and a user called null in a list of names. */
function textOf(value: unknown, node: unknown, listed: boolean): unknown {
  const source = isScalar(node) ? node.source : undefined;
  if (value === null) return listed && source ? source : null;
  if (typeof value === "string") return value;
  return source ?? plainNumber(value);
}

export function plainNumber(value: unknown): unknown {
  return typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** The node of a key's value in a map. Keys are compared as text: `123:` is found by "123". */
function valueNode(map: unknown, name: string): Node | null | undefined {
  if (!isMap(map)) return undefined;
  return map.items.find((pair) => keyName(pair.key) === name)?.value as Node | null | undefined;
}

/** A key as text, or undefined for a key that is no scalar. */
export function keyName(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  return typeof key.value === "string" ? key.value : String(key.value);
}

function lineOf(yaml: Document.Parsed, lines: LineCounter, path: readonly string[]) {
  let node: unknown = yaml.contents;
  let line: number | undefined;
  for (const name of path) {
    const map = isAlias(node) ? node.resolve(yaml) : node;
    if (!isMap(map)) break;
    const pair = map.items.find((item) => keyName(item.key) === name);
    if (!isScalar(pair?.key) || !pair.key.range) break;
    line = lines.linePos(pair.key.range[0]).line;
    node = pair.value;
  }
  return line;
}

/** Data as YAML, for reading. Edits of a file keep its layout: see `edit.ts`. */
export const toYaml = (value: unknown): string => stringify(value);

const HINTS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: "Indent with spaces, not with tabs.",
  DUPLICATE_KEY: "The same key stands there twice: keep one of the two.",
  BAD_INDENT: "Give keys of the same level the same number of spaces before them.",
  BLOCK_AS_IMPLICIT_KEY: 'Put a value that holds ": " in quotes, and each key on its own line.',
  MISSING_CHAR: "Something is missing there, such as a colon, a closing quote or a bracket.",
  MULTILINE_IMPLICIT_KEY: "The line before lacks a colon, or a value is not in quotes.",
  UNEXPECTED_TOKEN: "Remove what does not belong there, or put the value in quotes.",
  ALIAS: "Write the value itself in the place of *name, or give the value that is meant its &name.",
  MULTIPLE_DOCS: "Keep one document only: remove the line with ---.",
};

function broken(message: string, code: string, offset: number, { text, file }: ConfigDocument) {
  const at = lastVisible(text, offset);
  const before = text.slice(0, at).split("\n");
  const line = before.length;
  const column = (before.at(-1)?.length ?? 0) + 1;
  const shown = (text.split(/\r?\n/)[line - 1] ?? "").replaceAll("\t", " ");
  const reason = message
    .replace(/(["'])quote/, "$1 quote")
    .replace(/\s+/g, " ")
    .slice(0, 160);
  const place = { file, line, column, text: hideSecret(shown) };
  return yamlBroken(place, reason, hintFor(code, message));
}

function hintFor(code: string, message: string): string {
  if (/end with a [\]}]/.test(message)) return "The closing bracket is missing there.";
  return HINTS[code] ?? "Correct that line.";
}

/** An error at the end of the file belongs to the last line with something in it. */
function lastVisible(text: string, offset: number): number {
  return text.slice(offset).trim() === "" ? Math.min(offset, text.trimEnd().length) : offset;
}

/** A quotation mark that is missing was opened somewhere before: that is the place to look at. */
function startOf(offset: number, yaml: Document): number {
  let start = offset;
  visit(yaml, {
    Scalar(_, { type, range }) {
      const quoted = type === "QUOTE_DOUBLE" || type === "QUOTE_SINGLE";
      if (quoted && range && range[0] < offset && offset <= range[2]) start = range[0];
    },
  });
  return start;
}

/** The first alias whose anchor is missing, or else the first one. */
function firstAlias(yaml: Document): number {
  const found: { offset: number; dangling: boolean }[] = [];
  visit(yaml, {
    Alias(_, alias) {
      found.push({ offset: alias.range?.[0] ?? 0, dangling: alias.resolve(yaml) === undefined });
    },
  });
  return (found.find(({ dangling }) => dangling) ?? found[0])?.offset ?? 0;
}

const hideSecret = (line: string) =>
  line.replace(/((?:password|secret|token)\w*["']?\s*:\s*)\S.*$/i, "$1…");
