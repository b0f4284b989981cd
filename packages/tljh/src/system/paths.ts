import { join } from "node:path";

/** Where everything of one server is. See "The server on disk" in ARCHITECTURE.md. */
export interface ServerPaths {
  readonly prefix: string;
  readonly app: string;
  readonly hub: string;
  readonly user: string;
  /** Environments that an admin made beside the two, each in a folder of its name. */
  readonly environments: string;
  readonly plugins: string;
  readonly packages: string;
  readonly snapshots: string;
  readonly state: string;
  readonly config: string;
  readonly configFile: string;
  readonly configSnippets: string;
  readonly installerLog: string;
  readonly installation: string;
  /** A folder: `<who>.json` for each program that plugins run in. */
  readonly pluginReports: string;
  readonly pluginSettings: string;
  readonly contributions: string;
  readonly pluginLock: string;
  readonly passwords: string;
  readonly proxySecret: string;
  readonly proxyConfig: string;
  readonly daemonSecret: string;
  readonly hubConfig: string;
  readonly socket: string;
}

/** The paths below an install prefix: `TLJH_INSTALL_PREFIX`, or `/opt/tljh`. */
export function serverPaths(
  prefix: string = process.env.TLJH_INSTALL_PREFIX || "/opt/tljh",
): ServerPaths {
  const state = join(prefix, "state");
  const config = join(prefix, "config");
  return {
    prefix,
    app: join(prefix, "app"),
    hub: join(prefix, "hub"),
    user: join(prefix, "user"),
    environments: join(prefix, "envs"),
    plugins: join(prefix, "plugins"),
    packages: join(prefix, "pkgs"),
    snapshots: join(prefix, "snapshots"),
    state,
    config,
    configFile: join(config, "config.yaml"),
    configSnippets: join(config, "jupyterhub_config.d"),
    installerLog: join(prefix, "installer.log"),
    installation: join(state, "installation.json"),
    pluginReports: join(state, "plugin-reports"),
    pluginSettings: join(state, "plugin-settings.json"),
    contributions: join(state, "contributions.json"),
    pluginLock: join(config, "plugins.lock.json"),
    passwords: join(state, "passwords.json"),
    proxySecret: join(state, "proxy.secret"),
    proxyConfig: join(state, "proxy.json"),
    daemonSecret: join(state, "tljhd.secret"),
    hubConfig: join(state, "jupyterhub-config.json"),
    socket: process.env.TLJH_SOCKET || "/run/tljh/tljhd.sock",
  };
}

/** Whether an environment is one of the two that a server consists of; others are their admin's. */
export function isPart(environment: string): environment is "hub" | "user" {
  return environment === "hub" || environment === "user";
}
