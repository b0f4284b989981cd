import { randomBytes } from "node:crypto";
import { type FileHandle, open, readFile, realpath, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

export interface WriteOptions {
  /** Permission bits of the file. Absent: those of the file that is replaced, 0600 for a new one. */
  readonly mode?: number;
}

/**
 * Writes a whole file or nothing: a temporary file beside it, synced to disk, then renamed over it.
 * Owner and, unless given, mode of the old file are kept; a symbolic link stays and its target is written.
 */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const old = await stat(target).catch(() => null);
  const temporary = join(
    dirname(target),
    `.${basename(target)}.${process.pid}.${randomBytes(4).toString("hex")}`,
  );
  try {
    await using file = await open(temporary, "wx", 0o600);
    await file.writeFile(data);
    if (old) await keepOwner(file, old);
    await file.chmod(options.mode ?? (old ? old.mode & 0o7777 : 0o600));
    await file.sync();
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(target));
}

/** The file's text, or null when there is none. */
export async function readTextOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
}

/** The system's error code, such as `ENOENT`, of whatever was thrown. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

async function keepOwner(file: FileHandle, old: { uid: number; gid: number }): Promise<void> {
  const now = await file.stat();
  if (now.uid !== old.uid || now.gid !== old.gid) await file.chown(old.uid, old.gid);
}

/** Makes the rename itself durable. */
async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, "r");
  await folder.sync();
}
