import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pluginFolderOccupied, pluginFolderUnwritable } from "../../errors/plugin-authors.ts";
import { errorCode } from "../../system/files.ts";
import type { Files } from "./shared.ts";

/**
 * Makes a folder with the files in it. Rejects with `PLUGIN_FOLDER_OCCUPIED` if there is anything in it
 * already, and with `PLUGIN_FOLDER_UNWRITABLE`; nothing is left behind then.
 */
export async function writeFiles(folder: string, files: Files): Promise<void> {
  const wasThere = await isEmptyFolder(folder);
  const written: string[] = [];
  try {
    for (const [path, text] of Object.entries(files)) {
      const file = join(folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text, { flag: "wx" });
      written.push(file);
    }
  } catch (cause) {
    if (wasThere) for (const file of written) await rm(file, { force: true });
    else await rm(folder, { recursive: true, force: true });
    throw pluginFolderUnwritable(folder, cause);
  }
}

/** True for a folder with nothing in it, false for none at all; throws for everything else. */
async function isEmptyFolder(folder: string): Promise<boolean> {
  try {
    if ((await readdir(folder)).length === 0) return true;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    if (errorCode(error) !== "ENOTDIR") throw pluginFolderUnwritable(folder, error);
  }
  throw pluginFolderOccupied(folder);
}
