import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const watched = new Set<string>();

/**
 * Starts the watchdog of this process for a cache folder, once: it takes this process's servers
 * down when this process ends without having done so.
 */
export function startWatchdog(cacheDir: string): void {
  if (watched.has(cacheDir)) return;
  watched.add(cacheDir);
  const script = fileURLToPath(new URL("watchdog.ts", import.meta.url));
  const child = spawn(process.execPath, [script, cacheDir, String(process.pid)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
    env: { PATH: process.env.PATH ?? "", NODE_NO_WARNINGS: "1" },
  });
  child.unref();
  const pipe = child.stdin as typeof child.stdin & { unref?: () => void };
  pipe.unref?.();
}
