import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serverPaths } from "../system/paths.ts";

/**
 * The folder of the npm package `tljh`, with the types of `tljh/hooks` and `tljh/testing`: the one of the
 * release that runs, or where a server has it.
 */
export function sdkFolder(): string {
  const own = fileURLToPath(new URL("../sdk", import.meta.url));
  return existsSync(own) ? own : join(serverPaths().app, "sdk");
}
