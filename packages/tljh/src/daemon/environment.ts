import { createHash } from "node:crypto";
import { chmod, mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { environmentFileText } from "../system/transient.ts";

/** Environments of user servers that are being started: files of root's in a folder of root's. */
export class EnvironmentFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** By a hash: systemd reads the backslashes of an escaped unit name in a path as escapes once more. */
  path(unit: string): string {
    const name = createHash("sha256").update(unit).digest("hex").slice(0, 32);
    return join(this.#folder, `${name}.env`);
  }

  /** Writes the file whole, readable by root alone from its first moment on; gives back its path. */
  async write(unit: string, environment: Readonly<Record<string, string>>): Promise<string> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await chmod(this.#folder, 0o700);
    const path = this.path(unit);
    const fresh = `${path}.new`;
    await rm(fresh, { force: true });
    await using file = await open(fresh, "wx", 0o600);
    await file.writeFile(environmentFileText(environment));
    await rename(fresh, path);
    return path;
  }

  async remove(unit: string): Promise<void> {
    await rm(this.path(unit), { force: true });
  }
}
