import { fileURLToPath } from "node:url";
import type { ServerPaths } from "../../system/paths.ts";

/** How a host of plugins is started. */
export interface HostLaunch {
  readonly language: "TypeScript" | "Python";
  readonly command: readonly [program: string, ...args: string[]];
  readonly env: Readonly<Record<string, string>>;
}

/** `host/main.ts` beside this folder, or `plugin-host.js` beside the bundle that this module is part of. */
const main = import.meta.url.endsWith(".ts")
  ? new URL("../host/main.ts", import.meta.url)
  : new URL("./plugin-host.js", import.meta.url);

/** The host of plugins in TypeScript, on the Node that runs this program. */
export function nodeHost({ prefix }: Pick<ServerPaths, "prefix">): HostLaunch {
  return {
    language: "TypeScript",
    command: [process.execPath, "--disable-warning=ExperimentalWarning", fileURLToPath(main)],
    env: environment(prefix),
  };
}

/** The host of Python plugins, on the hub's Python. */
export function pythonHost(python: string, { prefix }: Pick<ServerPaths, "prefix">): HostLaunch {
  return {
    language: "Python",
    command: [python, "-m", "tljh.plugin_host"],
    env: { ...environment(prefix), PYTHONUNBUFFERED: "1" },
  };
}

const environment = (prefix: string) => ({
  TLJH_INSTALL_PREFIX: prefix,
  TLJH_PLUGIN_HOST: "1",
});
