import { readFileSync } from "node:fs";

/**
 * The bits that new files do not get. `process.umask()` would set them to 0 to learn them, and
 * what other threads make meanwhile could be written by everybody. All bits where it is not known.
 */
export function readUmask(status = "/proc/self/status"): number {
  try {
    const found = /^Umask:\s*([0-7]+)$/m.exec(readFileSync(status, "utf8"))?.[1];
    return found === undefined ? 0o777 : Number.parseInt(found, 8);
  } catch {
    return 0o777;
  }
}
