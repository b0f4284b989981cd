import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Every path below a folder with its kind, mode and content, in order; one text for each. */
function treeLines(folder: string, without: ReadonlySet<string> = new Set()): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => !without.has(path))
    .sort()
    .map((path) => `${path} ${described(join(folder, path))}`);
}

function described(path: string): string {
  const status = lstatSync(path);
  const mode = (status.mode & 0o7777).toString(8);
  if (status.isSymbolicLink()) return `-> ${readlinkSync(path)}`;
  if (status.isDirectory()) return `${mode} folder`;
  // The time of its source is in it.
  if (path.endsWith(".pyc")) return `${mode} byte code`;
  return `${mode} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
}

/** The same for two trees if they are the same. */
export function treeDigest(folder: string, without?: ReadonlySet<string>): string {
  const lines = treeLines(folder, without).join("\n");
  return createHash("sha256").update(lines).digest("hex");
}
