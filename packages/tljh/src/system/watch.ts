import { watch } from "node:fs";
import { basename, dirname } from "node:path";

/** Changes that follow one another within so many milliseconds count as one. */
const moment = 100;

/**
 * Calls back after a file was written, replaced or removed. A folder that cannot be watched is no
 * error: whoever uses this looks from time to time as well.
 */
export function watchFile(path: string, changed: () => void): { close(): void } {
  let timer: NodeJS.Timeout | undefined;
  const notice = (name: string | null): void => {
    if (name !== basename(path)) return;
    clearTimeout(timer);
    timer = setTimeout(changed, moment);
  };
  try {
    // The folder, since a file that is replaced is another file.
    const watcher = watch(dirname(path), { persistent: false }, (_, name) => notice(name));
    watcher.on("error", () => watcher.close());
    const close = (): void => {
      clearTimeout(timer);
      watcher.close();
    };
    return { close };
  } catch {
    return { close: () => {} };
  }
}
