import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";

export interface Source {
  /** Relative to the project. */
  readonly file: string;
  readonly text: string;
}

/** The project's files that match a pattern, by name. */
export async function readSources(root: string, pattern: string): Promise<Source[]> {
  const sources: Source[] = [];
  for await (const file of glob(pattern, { cwd: root, exclude: ["**/node_modules"] }))
    sources.push({ file, text: await readFile(join(root, file), "utf8") });
  return sources.toSorted((one, other) => (one.file < other.file ? -1 : 1));
}
