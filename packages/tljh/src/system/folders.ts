import { stat } from "node:fs/promises";
import { dirname } from "node:path";

/** The nearest folder at or above a path that exists. */
export async function existingParent(path: string): Promise<string> {
  try {
    return (await stat(path)).isDirectory() ? path : await existingParent(dirname(path));
  } catch {
    return existingParent(dirname(path));
  }
}
