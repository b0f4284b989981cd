import { glob } from "node:fs/promises";

/** Whether a folder has a file that one of the patterns fits, below `node_modules` excepted. */
export async function findFiles(folder: string, patterns: readonly string[]): Promise<boolean> {
  for await (const _ of glob(patterns, { cwd: folder, exclude: ["**/node_modules/**"] }))
    return true;
  return false;
}
