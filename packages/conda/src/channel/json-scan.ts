const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const COLON = 0x3a;

/**
 * Takes a few members out of a JSON text that is too large to be parsed whole (conda-forge's
 * repodata has 400 MB). A key is found wherever it stands with an object as its value, which for
 * file names in repodata is in one place only. Keys in the text's order, as repodata has them, cost
 * one pass together.
 */
export function scanObjects(json: Buffer, keys: Iterable<string>): Map<string, unknown> {
  const found = new Map<string, unknown>();
  let from = 0;
  for (const key of [...keys].sort()) {
    const start = findObject(json, key, from) ?? findObject(json, key, 0);
    if (start === undefined) continue;
    const end = objectEnd(json, start);
    found.set(key, JSON.parse(json.toString("utf8", start, end)));
    from = end;
  }
  return found;
}

function findObject(json: Buffer, key: string, from: number): number | undefined {
  const quoted = JSON.stringify(key);
  for (let at = json.indexOf(quoted, from); at !== -1; at = json.indexOf(quoted, at + 1)) {
    const colon = skipSpace(json, at + Buffer.byteLength(quoted));
    if (json[colon] !== COLON) continue;
    const value = skipSpace(json, colon + 1);
    if (json[value] === OPEN) return value;
  }
  return undefined;
}

function skipSpace(json: Buffer, from: number): number {
  let at = from;
  while (at < json.length && (json[at] ?? 0) <= 0x20) at += 1;
  return at;
}

function objectEnd(json: Buffer, start: number): number {
  let depth = 0;
  for (let at = start; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) at = textEnd(json, at);
    else if (byte === OPEN) depth += 1;
    else if (byte === CLOSE && --depth === 0) return at + 1;
  }
  return json.length;
}

function textEnd(json: Buffer, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    if (json[at] === BACKSLASH) at += 1;
    else if (json[at] === QUOTE) return at;
  }
  return json.length;
}

/** Those of `names` that some record in a repodata text has as its name. */
export function scanNames(json: Buffer, names: Iterable<string>): Set<string> {
  const has = (name: string) =>
    json.includes(`"name":${JSON.stringify(name)}`) ||
    json.includes(`"name": ${JSON.stringify(name)}`);
  return new Set([...names].filter(has));
}
