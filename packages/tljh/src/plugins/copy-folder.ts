import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/** What a plugin's folder may hold beside the plugin itself. */
const LEFT_OUT = new Set([".git", "node_modules"]);
const DEEPEST = 32;

interface FolderFile {
  /** Relative to the folder. */
  readonly path: string;
  readonly isExecutable: boolean;
}

/**
 * Copies a folder's files as root's own: nobody else can write the copy. Symbolic links become what
 * they lead to, so that the copy needs nothing of the original any more.
 */
export async function copyFolder(folder: string, target: string): Promise<void> {
  for (const { path, isExecutable } of await listFiles(folder)) {
    const copy = join(target, path);
    await mkdir(dirname(copy), { recursive: true, mode: 0o755 });
    await copyFile(join(folder, path), copy);
    await chmod(copy, isExecutable ? 0o755 : 0o644);
  }
}

/** SHA-256, in hex, of the names and contents that `copyFolder` would copy; null without such a folder. */
export async function folderContent(folder: string): Promise<string | null> {
  if (!(await stat(folder).catch(() => null))?.isDirectory()) return null;
  const hash = createHash("sha256");
  for (const { path, isExecutable } of await listFiles(folder)) {
    const data = await readFile(join(folder, path));
    hash.update(JSON.stringify([path, isExecutable, data.length])).update(data);
  }
  return hash.digest("hex");
}

async function listFiles(folder: string, below = "", depth = 0): Promise<FolderFile[]> {
  const names = (await readdir(join(folder, below))).filter((name) => !LEFT_OUT.has(name)).sort();
  const files: FolderFile[] = [];
  for (const name of names) {
    const path = join(below, name);
    const found = await stat(join(folder, path)).catch(() => null);
    if (found?.isDirectory() && depth < DEEPEST) {
      files.push(...(await listFiles(folder, path, depth + 1)));
    } else if (found?.isFile()) {
      files.push({ path, isExecutable: (found.mode & 0o100) !== 0 });
    }
  }
  return files;
}
