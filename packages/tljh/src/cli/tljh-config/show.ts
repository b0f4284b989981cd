import { readFile } from "node:fs/promises";
import { serverPaths } from "../../system/paths.ts";
import type { Options } from "./arguments.ts";
import type { Io } from "./io.ts";

/** Prints the file as it stands; nothing of it is parsed unless another form is asked for. */
export async function show(file: string, options: Options, io: Io): Promise<void> {
  if (options.json || options.effective) return showParsed(file, options, io);
  const bytes = await readBytes(file);
  io.out(bytes);
  if (bytes.length === 0) io.out("{}\n");
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const { readFailed } = await import("../../config/read.ts");
    return readFailed(file, error);
  }
}

async function showParsed(file: string, { json, effective }: Options, io: Io): Promise<void> {
  const { loadConfig } = await import("../../config/load.ts");
  const { readPluginSections } = await import("../../config/settings/sections.ts");
  const loaded = await loadConfig(file, await readPluginSections(serverPaths().pluginSettings));
  const value = effective ? loaded.effective : loaded.value;
  if (json) {
    const { toJson } = await import("../../config/json.ts");
    io.out(toJson(value));
    return;
  }
  const { toYaml } = await import("../../config/document.ts");
  io.out(toYaml(value));
}
