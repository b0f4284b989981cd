import type { ServerPaths } from "../paths.ts";
import { daemonService, daemonSocket } from "./daemon.ts";
import { hubService } from "./hub.ts";
import { proxyService } from "./proxy.ts";

export interface UnitOptions {
  /** `tljh/jupyterhub_config.py` in the hub environment; found by Python itself when absent. */
  readonly hubConfigScript?: string;
}

/** The text of every unit file of a server, by its name. */
export function unitTexts(
  paths: ServerPaths,
  options: UnitOptions = {},
): Readonly<Record<string, string>> {
  return {
    "jupyterhub.service": hubService(paths, options.hubConfigScript),
    "tljhd.service": daemonService(paths),
    "tljhd.socket": daemonSocket(paths),
    "tljh-proxy.service": proxyService(paths),
  };
}
