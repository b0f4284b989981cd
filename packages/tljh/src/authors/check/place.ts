import { existsSync, readFileSync } from "node:fs";
import { glob, readFile } from "node:fs/promises";
import { basename, isAbsolute, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Where a plugin's files are. */
export interface SourceFiles {
  /** The folders that it is loaded from. */
  readonly copies: readonly string[];
  /** The author's own folder; null for a package. */
  readonly original: string | null;
  /** The file of each plugin, within the folder; in TypeScript alone. */
  readonly mains?: ReadonlyMap<string, string>;
}

export interface Place {
  /** The author's file; for a package, the path in it. */
  readonly file: string;
  /** From 1; null where it is not known. */
  readonly line: number | null;
}

const inJavaScript = /(file:\/\/\/[^\s)]+?|\/[^\s():]+):(\d+)(?::\d+)?/g;
const inPython = /File "([^"]+)", line (\d+)/g;

/** The place in the plugin's own code that an error is about, as far as what is told of it says so. */
export function placeOf(error: unknown, files: SourceFiles): Place | null {
  return tracedPlace(error, files) ?? importingPlace(error, files);
}

function tracedPlace(error: unknown, files: SourceFiles): Place | null {
  for (const text of textsOf(error)) {
    const traced = [...text.matchAll(inPython)].reverse();
    for (const [, path = "", line] of [...traced, ...text.matchAll(inJavaScript)]) {
      const file = authorsFile(path, files);
      if (file !== null) return { file, line: Number(line) };
    }
  }
  return null;
}

const notFound = /Cannot find (?:module|package) '([^']+)' imported from (\S+)/;

/** Node says which file imports what is not there, but not in which line. */
function importingPlace(error: unknown, files: SourceFiles): Place | null {
  for (const text of textsOf(error)) {
    const [, missing = "", path = ""] = notFound.exec(text) ?? [];
    const file = path === "" ? null : authorsFile(path, files);
    if (file === null) continue;
    const lines = readFileSync(path, "utf8").split("\n");
    const name = basename(missing);
    const index = lines.findIndex((line) => /\b(from|import)\b/.test(line) && line.includes(name));
    return { file, line: index < 0 ? null : index + 1 };
  }
  return null;
}

/** Traces first, and those of causes: they lead to the place, where messages may only name a file. */
function textsOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  const trace = "trace" in error && typeof error.trace === "string" ? [error.trace] : [];
  const below = error.cause === undefined ? [] : textsOf(error.cause);
  return [...trace, ...below, error.message];
}

/** The file as its author knows it; null for one that is not the plugin's. */
function authorsFile(named: string, { copies, original }: SourceFiles): string | null {
  const path = named.startsWith("file:") ? fileURLToPath(named) : named;
  for (const copy of [...copies, ...(original === null ? [] : [original])]) {
    const inside = relative(copy, path);
    if (inside.startsWith("..") || isAbsolute(inside) || inside.includes("node_modules")) continue;
    if (original === null) return inside;
    const places = [join(original, inside), join(original, "src", inside)];
    const found = places.find((one) => existsSync(one));
    if (found !== undefined) return found;
  }
  return null;
}

const SOURCES = ["**/*.{ts,mts,cts,js,mjs,cjs,py}"];

/** Where a plugin defines a hook, for a fault that leaves no trace, such as an answer that makes no sense. */
export async function definitionOf(
  hook: string,
  plugin: string | null,
  files: SourceFiles,
): Promise<Place | null> {
  const defined = new RegExp(
    `^\\s*(?:export\\s.*\\b|(?:async\\s+)?(?:def|function)\\s+)${hook}\\b`,
  );
  const folders = files.original === null ? files.copies : [files.original];
  for (const folder of folders)
    for (const file of await sourcesIn(folder, files.mains?.get(plugin ?? ""))) {
      const lines = (await readFile(join(folder, file), "utf8")).split("\n");
      const index = lines.findIndex((line) => defined.test(line));
      if (index < 0) continue;
      return { file: files.original === null ? file : join(folder, file), line: index + 1 };
    }
  return null;
}

/** The plugin's own file comes first: another may have a hook of the same name. */
async function sourcesIn(folder: string, main: string | undefined): Promise<string[]> {
  const found = main === undefined ? [] : [main];
  for await (const file of glob(SOURCES, { cwd: folder, exclude: isForeign })) found.push(file);
  return found;
}

const isForeign = (path: string) => /(^|\/)(node_modules|\.venv|build|dist)(\/|$)/.test(path);
