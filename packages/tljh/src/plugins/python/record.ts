import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readTextOrNull } from "../../system/files.ts";
import type { Locked } from "../lock/format.ts";

/** A plugin that pip installed, as a lock names it. */
export type PythonPlugin = Locked<"pip"> | Locked<"folder-python">;

const recordPath = (environment: string) => join(environment, "etc", "tljh", "plugins.json");

/**
 * The plugins that pip installed on our behalf. The record is kept inside the environment, so that
 * both change in one step; addresses in it hold no passwords. Empty where there is none.
 */
export async function readPythonPlugins(environment: string): Promise<PythonPlugin[]> {
  const text = await readTextOrNull(recordPath(environment));
  if (text === null) return [];
  try {
    return (JSON.parse(text) as { plugins: PythonPlugin[] }).plugins;
  } catch {
    return [];
  }
}

export async function writePythonPlugins(
  environment: string,
  plugins: readonly PythonPlugin[],
): Promise<void> {
  const path = recordPath(environment);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify({ version: 1, plugins }, null, 2)}\n`);
}
