import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";

/** Text that takes the place of a stretch of the file. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Applies splices, which must not overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  return [...splices]
    .sort((a, b) => b.from - a.from)
    .reduce(
      (result, { from, to, text: added }) => result.slice(0, from) + added + result.slice(to),
      text,
    );
}

// Where things stand in the file. Offsets count UTF-16 units, as `yaml` does.

export const lineStart = (text: string, offset: number) => text.lastIndexOf("\n", offset - 1) + 1;

/** Characters between the start of the line, behind a byte order mark, and the offset. */
export function columnOf(text: string, offset: number): number {
  const start = lineStart(text, offset);
  return offset - (start === 0 && text[0] === "\ufeff" ? 1 : start);
}

/** The end of the line, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf("\n", offset);
  if (newline < 0) return text.length;
  return newline > offset && text[newline - 1] === "\r" ? newline - 1 : newline;
}

/** The start of the line after the one that content ends in; the end of the file when it is the last. */
export function nextLine(text: string, contentEnd: number): number {
  if (contentEnd > 0 && text[contentEnd - 1] === "\n") return contentEnd;
  const newline = text.indexOf("\n", contentEnd);
  return newline < 0 ? text.length : newline + 1;
}

/** Whole lines, put in at the start of a line or at the end of a file that ends without a line break. */
export function insertLines(
  text: string,
  offset: number,
  lines: readonly string[],
  newline: string,
): Splice {
  const unfinished = offset > 0 && text[offset - 1] !== "\n";
  const body = lines.join(newline);
  return { from: offset, to: offset, text: unfinished ? newline + body : body + newline };
}

type SepToken = { readonly type: string; readonly offset: number; readonly source: string };

const separators = (pair: Pair): readonly SepToken[] =>
  ((pair.srcToken as { sep?: SepToken[] } | undefined)?.sep ?? []) as readonly SepToken[];

const rangeOf = (node: unknown): readonly [number, number, number] | undefined =>
  isScalar(node) || isCollection(node) || isAlias(node) ? (node.range ?? undefined) : undefined;

/** Where a key begins; throws for a key that is no plain scalar, which only hand-made edits can change. */
export function keyStart(pair: Pair): number {
  const range = rangeOf(pair.key);
  if (!range) throw new Unsplicable();
  return range[0];
}

/** Just behind the colon of a pair, and where anchors or tags before its value begin and end. */
export function afterColon(pair: Pair): { end: number; colon: boolean; props?: [number, number] } {
  const tokens = separators(pair);
  const colon = tokens.find(({ type }) => type === "map-value-ind");
  const keyRange = rangeOf(pair.key);
  if (!keyRange) throw new Unsplicable();
  const end = colon ? colon.offset + 1 : keyRange[1];
  const props = tokens.filter(({ type }) => type === "anchor" || type === "tag");
  const [first] = props;
  const last = props.at(-1);
  if (!first || !last) return { end, colon: colon !== undefined };
  return { end, colon: true, props: [first.offset, last.offset + last.source.length] };
}

/** True for a value of which nothing stands in the file, as in `key:`. */
export function isAbsent(node: unknown): boolean {
  const range = rangeOf(node);
  return range === undefined || (isScalar(node) && range[0] === range[1]);
}

export const isBlock = (node: unknown): node is YAMLMap | YAMLSeq =>
  (isMap(node) || isSeq(node)) && !node.flow;

/** The offset behind the last character of a pair's value. */
export function pairEnd(pair: Pair): number {
  const { end, props } = afterColon(pair);
  return isAbsent(pair.value) ? (props?.[1] ?? end) : contentEnd(pair.value);
}

/** The offset behind the last character of a value; comments after it do not count. */
export function contentEnd(node: unknown): number {
  if (isBlock(node)) {
    if (isMap(node)) {
      const last = node.items.at(-1);
      if (last) return pairEnd(last);
    } else return itemEnd(node, node.items.length - 1);
  }
  const range = rangeOf(node);
  if (!range) throw new Unsplicable();
  return range[1];
}

/** Where the dash of a list's item stands. */
export function dashOf(list: YAMLSeq, index: number): number {
  const items = (list.srcToken as { items?: { start: SepToken[] }[] } | undefined)?.items;
  const dash = items?.[index]?.start.find(({ type }) => type === "seq-item-ind");
  if (!dash) throw new Unsplicable();
  return dash.offset;
}

export function itemEnd(list: YAMLSeq, index: number): number {
  const item = list.items[index];
  return isAbsent(item) && !isCollection(item) ? dashOf(list, index) + 1 : contentEnd(item);
}

/** The file is written in a way that is not edited in place. */
export class Unsplicable extends Error {}
