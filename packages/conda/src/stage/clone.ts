import {
  chmodSync,
  chownSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  type Stats,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";

export interface CloneOptions {
  /** Paths below the tree that are left out. */
  readonly without?: ReadonlySet<string>;
  /** Whether the file is copied: programs write into it, and the two trees must differ then. */
  readonly isEdited: (path: string) => boolean;
}

/** A second tree of the same files: folders of its own, files by hard link. */
export function cloneTree(source: string, target: string, options: CloneOptions): void {
  cloneDirectory({ source, target, ...options }, "");
}

interface Clone extends CloneOptions {
  readonly source: string;
  readonly target: string;
}

function cloneDirectory(clone: Clone, path: string): void {
  const from = join(clone.source, path);
  const to = join(clone.target, path);
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const child = path === "" ? entry.name : `${path}/${entry.name}`;
    if (clone.without?.has(child)) continue;
    if (entry.isDirectory()) cloneDirectory(clone, child);
    else if (entry.isSymbolicLink()) cloneSymlink(join(from, entry.name), join(to, entry.name));
    else if (entry.isFile()) cloneFile(clone, child);
  }
  likeOriginal(lstatSync(from), to);
}

function cloneSymlink(from: string, to: string): void {
  symlinkSync(readlinkSync(from), to);
}

function cloneFile(clone: Clone, path: string): void {
  const from = join(clone.source, path);
  const to = join(clone.target, path);
  if (clone.isEdited(path)) copyFile(from, to);
  else {
    try {
      linkSync(from, to);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "";
      if (!["EMLINK", "EPERM", "EXDEV"].includes(code)) throw error;
      copyFile(from, to);
    }
  }
}

function copyFile(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  likeOriginal(lstatSync(from), to);
}

/** Owner first: `chown` takes the setuid bits away. */
function likeOriginal(status: Stats, to: string): void {
  const made = lstatSync(to);
  if (made.uid !== status.uid || made.gid !== status.gid) chownSync(to, status.uid, status.gid);
  if (made.mode !== status.mode) chmodSync(to, status.mode & 0o7777);
  lutimesSync(to, status.atimeMs / 1000, status.mtimeMs / 1000);
}
