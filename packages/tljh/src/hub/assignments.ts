import { join } from "node:path";
import { HUB_PORT } from "../config/rules.ts";
import { type Config, DEFAULT_AUTHENTICATOR } from "../config/schema.ts";
import type { ServerPaths } from "../system/paths.ts";

/**
 * One change of JupyterHub's configuration, as `tljh/_assignments.py` carries it out: without `method`
 * `c.<class>.<trait> = value`, with it `c.<class>.<trait>.<method>(*arguments)`.
 */
export interface Assignment {
  readonly class: string;
  readonly trait: string;
  /** The plugin that wants it; null for what comes from config.yaml. */
  readonly plugin: string | null;
  readonly value?: unknown;
  /** `set`: the value is a list whose items make a Python set. */
  readonly kind?: "set";
  readonly method?: string;
  readonly arguments?: readonly unknown[];
}

/** JupyterHub's configuration made from ours, in the order in which it is applied. Holds no tokens. */
export function hubAssignments(
  config: Config,
  paths: Pick<ServerPaths, "user">,
): readonly Assignment[] {
  return [
    ...serverItself(config, paths),
    ...authentication(config),
    ...userLists(config),
    ...userServers(config),
    // A real list, so that plugins may append to it. The daemon culls; its service is added by the hub.
    assign("JupyterHub", "services", []),
  ];
}

function assign(className: string, trait: string, value: unknown): Assignment {
  return { class: className, trait, plugin: null, value };
}

function assignSet(className: string, trait: string, items: readonly string[]): Assignment {
  return { ...assign(className, trait, [...new Set(items)]), kind: "set" };
}

function serverItself(config: Config, { user }: Pick<ServerPaths, "user">): Assignment[] {
  const { ip, port } = config.traefik_api;
  return [
    assign("JupyterHub", "spawner_class", "tljh.user_creating_spawner.UserCreatingSpawner"),
    // User servers go on while the hub restarts.
    assign("JupyterHub", "cleanup_servers", false),
    assign("JupyterHub", "hub_port", HUB_PORT),
    assign("JupyterHub", "proxy_class", "jupyterhub.proxy.ConfigurableHTTPProxy"),
    assign("ConfigurableHTTPProxy", "should_start", false),
    assign("ConfigurableHTTPProxy", "api_url", `http://${urlHost(ip)}:${port}`),
    assign("SystemdSpawner", "extra_paths", [join(user, "bin")]),
    assign("SystemdSpawner", "default_shell", "/bin/bash"),
    assign("SystemdSpawner", "unit_name_template", "jupyter-{USERNAME}"),
    assign("SystemdSpawner", "username_template", "jupyter-{USERNAME}"),
    assign("JupyterHub", "base_url", config.base_url),
  ];
}

/** `auth.type`, and `auth.<Class>.<trait>`; keys without a value are not set. */
function authentication({ auth }: Config): Assignment[] {
  const { type, ...classes } = auth;
  const traits = Object.entries(classes).flatMap(([name, values]) =>
    Object.entries(values ?? {})
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([trait, value]) => assign(name, trait, value)),
  );
  return [assign("JupyterHub", "authenticator_class", type), ...traits];
}

/** With the default authenticator and nobody named, everybody whom an admin added may log in. */
function userLists({ auth, users }: Config): Assignment[] {
  const own: Readonly<Record<string, unknown>> = auth.FirstUseAuthenticator;
  const everybody =
    users.allowed.length === 0 &&
    auth.type === DEFAULT_AUTHENTICATOR &&
    (own.allow_all ?? null) === null;
  return [
    ...(everybody ? [assign("FirstUseAuthenticator", "allow_all", true)] : []),
    assignSet("Authenticator", "allowed_users", users.allowed),
    assignSet("Authenticator", "blocked_users", users.banned),
    assignSet("Authenticator", "admin_users", users.admin),
    assign("UserCreatingSpawner", "user_groups", users.extra_user_groups),
  ];
}

function userServers({ limits, user_environment }: Config): Assignment[] {
  return [
    assign("Spawner", "mem_limit", limits.memory),
    assign("Spawner", "cpu_limit", limits.cpu),
    assign("Spawner", "default_url", user_environment.default_app === "classic" ? "/tree" : "/lab"),
  ];
}

/** An address as a part of a URL: IPv6 in brackets. */
export const urlHost = (address: string) => (address.includes(":") ? `[${address}]` : address);
