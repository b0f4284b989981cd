import { specName } from "../prefix/history.ts";
import type { RecordSink, Section } from "./record-scanner.ts";

/** Records of one name that stand beside one another in a repodata text, in bytes. */
export interface Range {
  readonly section: Section;
  readonly start: number;
  readonly end: number;
}

/** What a repodata text holds: where each package's records stand, and which packages they need. */
export class Survey implements RecordSink {
  /** By a package's name, the names that any of its records depends on. */
  readonly needs = new Map<string, Set<string>>();
  /** As it stands there. */
  infoText = "{}";
  readonly #ranges: { section: Section; name: string; start: number; end: number }[] = [];
  /** The dependencies that were read last: most records have those of the one before. */
  #last: Buffer = Buffer.alloc(0);
  #lastName = "";

  record(section: Section, _key: Buffer, record: Buffer, start: number, end: number): void {
    const name = nameOf(record);
    const last = this.#ranges.at(-1);
    if (last?.name === name && last.section === section) last.end = end;
    else this.#ranges.push({ section, name, start, end });
    this.#note(name, dependsOf(record));
  }

  info(value: Buffer): void {
    this.infoText = value.toString();
  }

  /** Where the records of these names stand, in the text's order. */
  ranges(names: ReadonlySet<string>): readonly Range[] {
    return this.#ranges.filter(({ name }) => names.has(name));
  }

  #note(name: string, depends: Buffer): void {
    if (name === this.#lastName && depends.equals(this.#last)) return;
    this.#lastName = name;
    this.#last = Buffer.from(depends);
    const known = this.needs.get(name) ?? new Set();
    this.needs.set(name, known);
    addNames(depends, known);
  }
}

/** All that these names need, directly or not, with them. Pure. */
export function reachable(
  names: Iterable<string>,
  surveys: readonly Pick<Survey, "needs">[],
): Set<string> {
  const reached = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    for (const { needs } of surveys) open.push(...(needs.get(name) ?? []));
  }
  return reached;
}

const QUOTE = 0x22;
const COLON = 0x3a;
const NAME = Buffer.from('"name"');
const DEPENDS = Buffer.from('"depends"');

function nameOf(record: Buffer): string {
  for (let at = memberAt(record, NAME, 0); at !== -1; at = memberAt(record, NAME, at)) {
    if (record[at] === QUOTE) return record.toString("utf8", at + 1, record.indexOf(QUOTE, at + 1));
  }
  throw new Error("one of its records has no name");
}

/** The list, without its brackets; specs have no bracket that closes one but in `[key=value]`. */
function dependsOf(record: Buffer): Buffer {
  const start = memberAt(record, DEPENDS, 0);
  if (start === -1) return EMPTY;
  return record.subarray(start + 1, listEnd(record, start + 1));
}

const EMPTY = Buffer.alloc(0);
const CLOSE_LIST = 0x5d;

function listEnd(record: Buffer, start: number): number {
  let isText = false;
  for (let at = start; at < record.length; at += 1) {
    if (record[at] === QUOTE) isText = !isText;
    else if (record[at] === CLOSE_LIST && !isText) return at;
  }
  return record.length;
}

/** Where the value of the next such key begins; -1 where there is none. */
function memberAt(record: Buffer, key: Buffer, from: number): number {
  for (let at = record.indexOf(key, from); at !== -1; at = record.indexOf(key, at + 1)) {
    let value = at + key.length;
    while ((record[value] ?? COLON) <= 0x20) value += 1;
    if (record[value] !== COLON) continue;
    value += 1;
    while ((record[value] ?? COLON) <= 0x20) value += 1;
    return value;
  }
  return -1;
}

/** The names of specs in a JSON list. */
function addNames(list: Buffer, names: Set<string>): void {
  for (let start = list.indexOf(QUOTE); start !== -1; ) {
    let end = start + 1;
    while (end < list.length && !ENDS.has(list[end] ?? 0)) end += 1;
    const name = list.toString("utf8", start + 1, end);
    names.add(name.includes(":") ? specName(name) : name.toLowerCase());
    const close = list.indexOf(QUOTE, end);
    start = close === -1 ? -1 : list.indexOf(QUOTE, close + 1);
  }
}

/** What may follow a name in a match spec. */
const ENDS = new Set([...' \t"=<>!~[;@'].map((character) => character.charCodeAt(0)));
