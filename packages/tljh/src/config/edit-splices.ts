import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { type ConfigDocument, keyName } from "./document.ts";
import { detectLayout } from "./layout.ts";
import {
  isFilled,
  type Layout,
  type Quote,
  renderBlock,
  renderFlow,
  renderItem,
  renderPair,
  renderScalar,
} from "./render.ts";
import {
  afterColon,
  columnOf,
  contentEnd,
  dashOf,
  insertLines,
  isAbsent,
  isBlock,
  itemEnd,
  keyStart,
  lineEnd,
  lineStart,
  nextLine,
  pairEnd,
  type Splice,
  Unsplicable,
} from "./splice.ts";
import type { Path } from "./tree.ts";

/** A file and what is needed to write into it. */
interface Sheet {
  readonly text: string;
  readonly layout: Layout;
  readonly document: ConfigDocument;
}

/** A map on the way to a key, and the pair in it that leads on, if it is there. */
interface Frame {
  readonly map: YAMLMap;
  readonly name: string;
  readonly pair: Pair | undefined;
  /** Inside `{…}`. */
  readonly flow: boolean;
}

const sheetOf = (document: ConfigDocument): Sheet => ({
  text: document.text,
  layout: detectLayout(document),
  document,
});

export function setSplices(document: ConfigDocument, path: Path, value: unknown): Splice[] {
  const sheet = sheetOf(document);
  const frames = descend(document, path);
  const frame = frames.at(-1);
  if (!frame) return fillRoot(sheet, nest(path, value));
  const rest = nest(path.slice(frames.length), value);
  return frame.pair ? replaceValue(sheet, frame, frame.pair, rest) : insertPair(sheet, frame, rest);
}

export function unsetSplices(document: ConfigDocument, path: Path): Splice[] {
  const frames = descend(document, path);
  let depth = path.length - 1;
  while (depth > 0 && frames[depth]?.map.items.length === 1) depth--;
  const frame = frames[depth];
  if (!frame?.pair) throw new Unsplicable();
  return removePair(sheetOf(document), frame, frame.pair);
}

export function addItemSplices(document: ConfigDocument, path: Path, item: unknown): Splice[] {
  const frame = descend(document, path)[path.length - 1];
  const list = resolved(document, frame?.pair?.value);
  if (!frame?.pair || !isSeq(list)) return setSplices(document, path, [item]);
  const sheet = sheetOf(document);
  if (list.items.length === 0) return replaceValue(sheet, frame, frame.pair, [item]);
  const end = itemEnd(list, list.items.length - 1);
  if (list.flow) return [{ from: end, to: end, text: `, ${renderFlow(item)}` }];
  const column = columnOf(sheet.text, dashOf(list, 0));
  const lines = renderItem(item, column, sheet.layout);
  return [insertLines(sheet.text, nextLine(sheet.text, end), lines, sheet.layout.newline)];
}

export function removeItemSplices(document: ConfigDocument, path: Path, index: number): Splice[] {
  const frame = descend(document, path)[path.length - 1];
  const list = resolved(document, frame?.pair?.value);
  if (!frame?.pair || !isSeq(list)) throw new Unsplicable();
  const sheet = sheetOf(document);
  if (list.items.length === 1) return emptyList(sheet, frame, frame.pair, list);
  if (list.flow)
    return [
      flowRemoval(
        list.items.map((item) => spanOf(item)),
        index,
      ),
    ];
  const { text } = sheet;
  const from = lineStart(text, dashOf(list, index));
  return [{ from, to: nextLine(text, itemEnd(list, index)), text: "" }];
}

function emptyList(sheet: Sheet, frame: Frame, pair: Pair, list: YAMLSeq): Splice[] {
  if (!list.flow) return replaceValue(sheet, frame, pair, []);
  const [from, to] = spanOf(list);
  return [{ from, to, text: "[]" }];
}

/** The frames from the root along the path, as far as there are maps with something in them. */
function descend(document: ConfigDocument, path: Path): Frame[] {
  const frames: Frame[] = [];
  let node: unknown = document.yaml.contents;
  let flow = false;
  for (const name of path) {
    const map = resolved(document, node);
    if (!isMap(map) || (map.items.length === 0 && !flow)) break;
    flow ||= map.flow === true;
    const pair = map.items.find((item) => keyName(item.key) === name);
    frames.push({ map, name, pair, flow });
    node = pair?.value;
  }
  return frames;
}

const resolved = (document: ConfigDocument, node: unknown) =>
  isAlias(node) ? node.resolve(document.yaml) : node;

/** The value inside maps for the names of a path. */
function nest(names: Path, value: unknown): unknown {
  return names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
}

/** The first keys of a file that has none: after its comments, or in the place of `{}`. */
function fillRoot({ text, layout, document }: Sheet, value: unknown): Splice[] {
  const lines = renderBlock(value as object, -layout.step, layout);
  const root = document.yaml.contents;
  if (root && !isAbsent(root)) {
    const [from, to] = spanOf(root);
    return [{ from, to, text: lines.join(layout.newline) }];
  }
  return [insertLines(text, text.length, lines, layout.newline)];
}

function insertPair({ text, layout }: Sheet, { map, name, flow }: Frame, value: unknown): Splice[] {
  const last = map.items.at(-1);
  if (flow) {
    const inner = `${renderScalar(name)}: ${renderFlow(value)}`;
    const at = last ? pairEnd(last) : spanOf(map)[0] + 1;
    return [{ from: at, to: at, text: last ? `, ${inner}` : inner }];
  }
  if (!last) throw new Unsplicable();
  const lines = renderPair(name, value, indentOf(text, last), layout);
  return [insertLines(text, nextLine(text, pairEnd(last)), lines, layout.newline)];
}

function removePair({ text }: Sheet, { map, flow }: Frame, pair: Pair): Splice[] {
  if (!flow) {
    const indent = indentOf(text, pair);
    return [{ from: keyStart(pair) - indent, to: nextLine(text, pairEnd(pair)), text: "" }];
  }
  if (map.items.length === 1) {
    const [from, to] = spanOf(map);
    return [{ from, to, text: "{}" }];
  }
  const spans = map.items.map((item): Span => [keyStart(item), pairEnd(item)]);
  return [flowRemoval(spans, map.items.indexOf(pair as (typeof map.items)[number]))];
}

function replaceValue(sheet: Sheet, frame: Frame, pair: Pair, value: unknown): Splice[] {
  const asBlock = isFilled(value) && !frame.flow;
  if (isBlock(pair.value)) return replaceBlock(sheet, pair, value);
  if (asBlock) return inlineToBlock(sheet, pair, value);
  const { end, colon, props } = afterColon(pair);
  const text = renderInline(value, pair.value);
  if (isAbsent(pair.value)) {
    const [from, to] = props ?? [end, end];
    return [{ from, to, text: props ? text : `${colon ? "" : ":"} ${text}` }];
  }
  const [from, to] = spanOf(pair.value);
  return [{ from: props?.[0] ?? from, to: withoutLineBreak(sheet.text, to), text }];
}

/** A block list or map gives way to a value, which stands behind the colon or takes its lines. */
function replaceBlock({ text, layout }: Sheet, pair: Pair, value: unknown): Splice[] {
  const { end, props } = afterColon(pair);
  const [first] = spanOf(pair.value);
  const lines = { from: lineStart(text, first), to: nextLine(text, contentEnd(pair.value)) };
  const noProps = props ? [{ from: end, to: props[1], text: "" }] : [];
  if (isFilled(value)) {
    const added = renderBlock(value, indentOf(text, pair), layout).join(layout.newline);
    const broken = text[lines.to - 1] === "\n";
    return [...noProps, { ...lines, text: broken ? added + layout.newline : added }];
  }
  const inline = { from: end, to: props?.[1] ?? end, text: ` ${renderInline(value, null)}` };
  return [inline, { ...lines, text: "" }];
}

/** The lines of a list or map take the place of a value that stands behind the colon. */
function inlineToBlock({ text, layout }: Sheet, pair: Pair, value: object): Splice[] {
  const { end, props } = afterColon(pair);
  const to = isAbsent(pair.value)
    ? (props?.[1] ?? end)
    : withoutLineBreak(text, spanOf(pair.value)[1]);
  const lines = renderBlock(value, indentOf(text, pair), layout);
  const at = lineEnd(text, to);
  const added = { from: at, to: at, text: layout.newline + lines.join(layout.newline) };
  return [{ from: end, to, text: "" }, added];
}

/** A value on one line; text keeps the quotation marks of the text it replaces. */
function renderInline(value: unknown, old: unknown): string {
  const type = isScalar(old) ? old.type : undefined;
  const quotes: Record<string, Quote> = { QUOTE_DOUBLE: '"', QUOTE_SINGLE: "'" };
  const quote = type === undefined ? undefined : quotes[type];
  return typeof value === "string" ? renderScalar(value, quote) : renderFlow(value);
}

type Span = readonly [from: number, to: number];

/** Takes one entry out of `{…}` or `[…]` that has others, with the comma before or after it. */
function flowRemoval(spans: readonly Span[], index: number): Splice {
  const span = spans[index];
  const before = spans[index - 1];
  const after = spans[index + 1];
  if (span && before) return { from: before[1], to: span[1], text: "" };
  if (span && after) return { from: span[0], to: after[0], text: "" };
  throw new Unsplicable();
}

function spanOf(node: unknown): Span {
  const range = isNode(node) ? node.range : undefined;
  if (!range) throw new Unsplicable();
  return [range[0], range[1]];
}

/** Block scalars (`|`) end behind their line break, which stays. */
function withoutLineBreak(text: string, end: number): number {
  const trimmed = text.slice(0, end).replace(/[\r\n]+$/, "");
  return text[end - 1] === "\n" ? trimmed.length : end;
}

/** The spaces before a key that begins its line. */
function indentOf(text: string, pair: Pair): number {
  const start = keyStart(pair);
  const column = columnOf(text, start);
  if (
    text
      .slice(start - column, start)
      .replace("\ufeff", "")
      .trim() !== ""
  )
    throw new Unsplicable();
  return column;
}
