/**
 * Lives beside a process that owns servers. Its standard input is a pipe whose other end only
 * the owner holds: when it closes, the owner has ended, however that came about, and what it
 * left behind is taken down.
 *
 * Arguments: the cache folder, the owner's process number.
 */
import { cleanLeftovers } from "./teardown.ts";

const [cacheDir = "", owner = ""] = process.argv.slice(2);
// A Ctrl-C in the terminal reaches the owner; the watchdog must outlive it.
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => {});
process.stdin.resume();
process.stdin.on("end", async () => {
  await cleanLeftovers(cacheDir, [Number(owner)]);
  process.exit(0);
});
