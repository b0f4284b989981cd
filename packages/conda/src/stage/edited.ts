import type { PrefixRecord } from "../types.ts";

/**
 * Which files of an environment are written in place by people and programs (`jupyter … enable`,
 * an editor, `pip` on a `.pth`), so that two environments must not share them. What a conda package
 * holds is by convention never written to, and the interpreter's library is replaced file by file;
 * settings below `etc/` are edited whoever brought them.
 */
export function editedFiles(records: readonly PrefixRecord[]): (path: string) => boolean {
  const packaged = new Set<string>();
  for (const record of records) for (const path of record.files) packaged.add(path);
  return (path) => {
    if (path.startsWith("etc/")) return true;
    if (path.startsWith("conda-meta/")) return !path.endsWith(".json");
    if (packaged.has(path)) return false;
    return path.endsWith(".pth") || !SHARED.test(path);
  };
}

const SHARED = /^(lib|lib64|pkgs|envs|include)\//;
