import { lstatSync, mkdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/** Thrown where a directory of a prefix is a link to somewhere outside of it. */
export class OutsideError extends Error {}

/** Makes directories below a root, each once, and follows no link out of the root. */
export class Directories {
  readonly root: string;
  readonly #known = new Set<string>(["."]);
  #realRoot: string | undefined;

  constructor(root: string) {
    this.root = root;
  }

  /** Sees that `path`, relative to the root, is a directory. */
  ensure(path: string): void {
    if (this.#known.has(path)) return;
    this.ensure(dirname(path));
    try {
      mkdirSync(join(this.root, path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      this.#checkExisting(path);
    }
    this.#known.add(path);
  }

  /** Whether `path` is a directory inside the root, every link on the way followed. */
  isInside(path: string): boolean {
    if (this.#known.has(path)) return true;
    if (!this.isInside(dirname(path))) return false;
    try {
      this.#checkExisting(path);
    } catch {
      return false;
    }
    this.#known.add(path);
    return true;
  }

  /** A link took the place of what may have been a directory. */
  forget(path: string): void {
    if (!this.#known.has(path)) return;
    for (const known of this.#known) {
      if (known === path || known.startsWith(`${path}/`)) this.#known.delete(known);
    }
  }

  #checkExisting(path: string): void {
    const full = join(this.root, path);
    const status = lstatSync(full);
    if (status.isDirectory()) return;
    if (!status.isSymbolicLink()) throw new Error(`${path} is a file where a folder is needed`);
    this.#realRoot ??= realpathSync(this.root);
    const real = realpathSync(full);
    if (real !== this.#realRoot && !real.startsWith(`${this.#realRoot}/`)) {
      throw new OutsideError(`${path} is a link to ${real}`);
    }
    if (!lstatSync(real).isDirectory()) {
      throw new Error(`${path} is a file where a folder is needed`);
    }
  }
}
