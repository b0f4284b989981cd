import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Folders that tools make beside a plugin's source and that say nothing about its content. */
const ignored = new Set([".git", "node_modules", "__pycache__", "build", "dist", ".venv"]);

/** SHA-256, in hex, over the names and contents of all files below a folder; null where there is none. */
export async function folderFingerprint(folder: string): Promise<string | null> {
  const hash = createHash("sha256");
  try {
    for (const path of (await filesBelow(folder, "")).sort())
      hash.update(`${path}\0`).update(await readFile(join(folder, path)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  return hash.digest("hex");
}

async function filesBelow(folder: string, below: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    if (ignored.has(entry.name) || entry.name.endsWith(".egg-info")) continue;
    const path = join(below, entry.name);
    if (entry.isDirectory()) files.push(...(await filesBelow(folder, path)));
    else if (entry.isFile()) files.push(path);
  }
  return files;
}

/** SHA-256, in hex, of a value's JSON. */
export function fingerprint(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
